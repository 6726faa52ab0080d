namespace AiCd.Web.Jobs;

/// <summary>Amounts: US dollars outside, whole millionths of them inside.</summary>
internal static class Money
{
    public const decimal Most = 1_000_000m;

    public static long ToMicros(decimal dollars) => (long)(dollars * 1_000_000m);

    public static decimal Of(long micros) => micros / 1_000_000m;

    public static decimal? Of(long? micros) => micros is { } value ? Of(value) : null;
}
