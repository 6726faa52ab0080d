using System.Text.Json.Nodes;

namespace AiCd.Web.OpenApi;

/// <summary>Bodies that the API accepts, as its description shows them.</summary>
internal static class Examples
{
    public static JsonNode Submit => Parse(
        """
        {"title":"Greet users by name","body":"The greeting says 'Hello!'. It should say the user's name.","repository":"/srv/git/demo.git",
         "baseBranch":"main","agent":"mock","priority":5,"labels":["ui"],"budget":2.5,"requirePlanApproval":true}
        """);

    public static JsonNode Reason => Parse("""{"reason":"No longer wanted"}""");

    public static JsonNode Approve => Parse("""{"approval":"0f3f6bb0c6f8c7b6b7f9f0d4d1e6b5a4c3b2a1908f7e6d5c4b3a29180f0e1d2c"}""");

    public static JsonNode Reject => Parse("""{"reason":"Change the template only"}""");

    public static JsonNode Feedback => Parse("""{"text":"Mind names with an apostrophe"}""");

    public static JsonNode Priority => Parse("""{"priority":50}""");

    public static JsonNode Fork => Parse("""{"seq":4,"agent":"mock"}""");

    public static JsonNode Bulk => Parse("""{"action":"cancel","filter":{"state":["QUEUED"],"label":"ui"}}""");

    public static JsonNode Budget => Parse("""{"limit":25,"of":"job"}""");

    public static JsonNode Pool => Parse("""{"concurrency":8,"paused":false}""");

    public static JsonNode NewTenant => Parse("""{"id":"acme","name":"Acme","repositories":["https://github.com/acme/*"],"maxConcurrentJobs":20,"monthlyBudget":500}""");

    public static JsonNode Tenant => Parse("""{"name":"Acme","repositories":["https://github.com/acme/*"],"maxJobsPerDay":200}""");

    public static JsonNode NewKey => Parse("""{"name":"ci","scopes":["read","write"],"tenant":"default"}""");

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
