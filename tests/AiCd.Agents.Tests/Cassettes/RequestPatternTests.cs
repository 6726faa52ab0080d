using System.Text.Json.Nodes;
using AiCd.Agents.Cassettes;

namespace AiCd.Agents.Tests.Cassettes;

/// <summary>What a request that was written by hand says of a request, and what it leaves open.</summary>
public sealed class RequestPatternTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"b":"left open","a":1}""")]
    [InlineData("""{"a":{"b":true,"c":null}}""", """{"a":{"c":null,"b":true,"d":[]}}""")]
    [InlineData("\"same\"", "\"same\"")]
    [InlineData("\"…\"", "\"\"")]
    [InlineData("\"You plan…\"", "\"You plan the work\"")]
    [InlineData("\"…[exit code 1]\"", "\"failed\\n[exit code 1]\"")]
    [InlineData("\"a…b…a\"", "\"aba\"")]
    [InlineData("\"…b…\"", "\"b\"")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("""["…"]""", "[]")]
    [InlineData("""["…",{"role":"tool"}]""", """[1,2,{"role":"tool","content":"4"}]""")]
    public void A_request_fits_where_it_has_what_the_pattern_names(string pattern, string sent) =>
        RequestPattern.Difference(JsonNode.Parse(pattern), JsonNode.Parse(sent)).ShouldBeNull();

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""", "request.a")]
    [InlineData("""{"a":1}""", """{"b":1}""", "request.a")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", "request.a")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[]}""", "request.a")]
    [InlineData("\"same\"", "\"same as ever\"", "request")]
    [InlineData("\"aa…aa\"", "\"aaa\"", "request")]
    [InlineData("\"a…b…a\"", "\"aa\"", "request")]
    [InlineData("\"…first…second…\"", "\"second, then first\"", "request")]
    [InlineData("[1,2]", "[1,2,3]", "request: 3 elements")]
    [InlineData("""["…",1,2]""", "[2]", "request: 1 elements")]
    [InlineData("[1,2,3]", "[1,4,5]", "request[1]")]
    [InlineData("""{"messages":["…",{"id":1},{"id":2}]}""", """{"messages":[{"id":0},{"id":3},{"id":2}]}""", "request.messages[1].id")]
    public void Where_it_does_not_fit_the_first_difference_is_named(string pattern, string sent, string difference) =>
        RequestPattern.Difference(JsonNode.Parse(pattern), JsonNode.Parse(sent)).ShouldBe(difference);
}
