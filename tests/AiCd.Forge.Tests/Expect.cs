using AiCd.Actors.Ports;

namespace AiCd.Forge.Tests;

internal static class Expect
{
    public static async Task<StageException> RefusalAsync(FaultKind kind, string code, Func<Task> action)
    {
        var refusal = await action.ShouldThrowAsync<StageException>();
        refusal.Code.ShouldBe(code, refusal.Message);
        refusal.Kind.ShouldBe(kind);
        return refusal;
    }

    public static Task<StageException> PathRefusedAsync(Func<Task> action) => RefusalAsync(FaultKind.Permanent, "path_refused", action);
}
