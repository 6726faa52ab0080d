using AiCd.Actors.Jobs;

namespace AiCd.Host.Tests.Architecture;

public sealed class PurityTests
{
    private const string Core = "AiCd.Actors.Jobs";
    private const string Here = "AiCd.Host.Tests.Architecture";

    [Fact]
    public void The_core_has_no_io_no_clock_no_randomness_and_knows_no_engine()
    {
        var types = typeof(Job).Assembly.GetTypes()
            .Where(type => type.Namespace == Core || type.Namespace?.StartsWith(Core + ".", StringComparison.Ordinal) == true)
            .ToList();
        types.ShouldContain(typeof(JobDecider));
        types.Count.ShouldBeGreaterThan(50);

        Purity.Violations(types, Core).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(Impure.Reads), "System.IO.File.ReadAllText")]
    [InlineData(nameof(Impure.Rolls), "System.Random.get_Shared")]
    [InlineData(nameof(Impure.Names), "System.Guid.NewGuid")]
    [InlineData(nameof(Impure.Asks), "System.TimeProvider.GetUtcNow")]
    [InlineData(nameof(Impure.Waits), "System.Threading.Tasks.Task")]
    [InlineData(nameof(Impure.Remembers), "System.Environment.get_TickCount64")]
    [InlineData("_clock", "System.TimeProvider")]
    [InlineData("(base)", "System.IO.Stream")]
    [InlineData(nameof(Impure.Leaves), "AiCd.Actors.Jobs.JobDecider.Decide")]
    [InlineData("<Hides>b__", "System.IO.Directory.Exists")]
    public void Code_that_is_not_pure_is_found_by_what_it_uses(string by, string used)
    {
        var violations = Purity.Violations([typeof(Impure), .. typeof(Impure).GetNestedTypes(System.Reflection.BindingFlags.NonPublic), typeof(ImpureBase)], Here);

        violations.ShouldContain(violation =>
            violation.Contains($".{by}", StringComparison.Ordinal) && violation.EndsWith($" uses {used}", StringComparison.Ordinal));
    }

    [Fact]
    public void Code_that_is_pure_is_left_in_peace() => Purity.Violations([typeof(Pure)], Here).ShouldBeEmpty();

    private sealed class Impure
    {
        private readonly TimeProvider? _clock;

        public Impure(TimeProvider? clock) => _clock = clock;

        public static string Reads() => File.ReadAllText("x");

        public static int Rolls() => Random.Shared.Next();

        public static Guid Names() => Guid.NewGuid();

        public DateTimeOffset Asks() => _clock!.GetUtcNow();

        public static Task Waits() => Task.CompletedTask;

        public static long Remembers() => Environment.TickCount64;

        public static Decision Leaves() => JobDecider.Decide(null, null!);

        public static Func<bool> Hides(string path) => () => Directory.Exists(path);
    }

    private abstract class ImpureBase : Stream;

    private sealed class Pure
    {
        public static IEnumerable<int> Counts(int to)
        {
            for (var i = 0; i < to; i++)
            {
                yield return i switch { 0 => 10, 1 => 20, 2 => 30, 3 => 40, _ => checked(i * 2) };
            }
        }

        public static DateTimeOffset Later(DateTimeOffset at) => at.AddSeconds(Counts(3).Sum());
    }
}
