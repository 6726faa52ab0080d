using Microsoft.Extensions.Options;

namespace AiCd.Agents.Mock;

internal sealed class MockAgentOptionsValidator : IValidateOptions<MockAgentOptions>
{
    public ValidateOptionsResult Validate(string? name, MockAgentOptions options)
    {
        var failures = new List<string>();
        if (options.Delay < TimeSpan.Zero || options.Delay > MockAgentOptions.MaxDelay)
        {
            failures.Add(Message(nameof(options.Delay), $"a time span from {TimeSpan.Zero} to {MockAgentOptions.MaxDelay}", options.Delay));
        }

        CheckCount(nameof(options.FailPlanning), "attempts", options.FailPlanning, failures);
        CheckCount(nameof(options.FailCoding), "attempts", options.FailCoding, failures);
        CheckCount(nameof(options.FailReview), "attempts", options.FailReview, failures);
        CheckCount(nameof(options.RejectReview), "review rounds", options.RejectReview, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckCount(string key, string counted, int value, List<string> failures)
    {
        if (value < MockAgentOptions.Always)
        {
            failures.Add(Message(key, $"a number of {counted} from 0, or {MockAgentOptions.Always} for all", value));
        }
    }

    private static string Message(string key, string expectation, object actual) =>
        $"{MockAgentOptions.Section}:{key}: expected {expectation}, got '{actual}'";
}
