using AiCd.Agents.Checks;
using AiCd.Agents.Sandbox;
using FsCheck;
using FsCheck.Fluent;

namespace AiCd.Agents.Tests.Checks;

public sealed class PolicyTests
{
    private static readonly Gen<string[]> Words = Gen.Elements("bash", "view", "edit", "search", "a/**", "*.lock").ArrayOf();

    private static readonly Gen<NetworkAccess> Accesses = Gen.Elements(Enum.GetValues<NetworkAccess>());

    private static readonly Gen<TimeSpan> Times = Gen.Choose(1, 5000).Select(seconds => TimeSpan.FromSeconds(seconds));

    private static readonly Gen<Policy> Policies =
        from network in Accesses
        from tools in Words.OrNull()
        from models in Words.OrNull()
        from paths in Words
        from required in Gen.Elements(true, false)
        from timeout in Times
        select new Policy(network, tools, models, paths, required, timeout);

    private static readonly Gen<PolicyFile> Files =
        from network in Accesses.Select(access => (NetworkAccess?)access).Or(null)
        from tools in Words.OrNull()
        from paths in Words
        from required in Gen.Elements<bool?>(true, false, null)
        from timeout in Times
        from model in Gen.Elements("bash", "x", null)
        select new PolicyFile
        {
            Network = network,
            Tools = tools,
            ProtectedPaths = paths,
            RequireChecks = required,
            Model = model,
            Commands = [new PolicyCommand("setup", "s", timeout), new PolicyCommand("test", "t", null)],
        };

    [Fact]
    public void Whatever_a_file_says_it_never_widens_the_operators_policy() => Check((policy, file) =>
    {
        var narrowed = Policy.Narrow(policy, file);

        narrowed.IsWithin(policy).ShouldBeTrue();
        file.Commands.ShouldAllBe(command => narrowed.TimeoutOf(command) <= policy.CheckTimeout);
        var repository = new RepositoryPolicy(narrowed, file);
        file.Commands.ShouldAllBe(command => repository.NetworkOf(command) == NetworkPolicy.None || policy.Network != NetworkAccess.None);
        repository.ToStagePolicy().Network.ShouldBe(policy.Network == NetworkAccess.Full && file.Network is null or NetworkAccess.Full && policy.Network == NetworkAccess.Full ? NetworkPolicy.Full : NetworkPolicy.None);
        repository.ToStagePolicy().AllowedModels.ShouldBe(policy.Models);
    });

    [Fact]
    public void What_a_file_asks_to_take_away_is_taken_away() => Check((policy, file) =>
    {
        var narrowed = Policy.Narrow(policy, file);

        (file.Network is null || narrowed.Network <= file.Network).ShouldBeTrue();
        (file.Tools is null || narrowed.Tools!.All(file.Tools.Contains)).ShouldBeTrue();
        file.ProtectedPaths.ShouldAllBe(path => narrowed.ProtectedPaths.Contains(path));
        narrowed.RequireChecks.ShouldBe(policy.RequireChecks || file.RequireChecks != false);
    });

    [Fact]
    public void Narrowing_twice_is_narrowing_once_and_no_file_narrows_nothing_but_asks_for_checks() => Check((policy, file) =>
    {
        var once = Policy.Narrow(policy, file);
        var twice = Policy.Narrow(once, file);

        twice.IsWithin(once).ShouldBeTrue();
        once.IsWithin(twice).ShouldBeTrue();
        policy.IsWithin(Policy.Narrow(policy, PolicyFile.Empty) with { RequireChecks = policy.RequireChecks }).ShouldBeTrue();
    });

    [Fact]
    public void A_narrower_operator_gives_a_narrower_result() => Check((policy, file) =>
        Policy.Narrow(Policy.Narrow(policy, file), PolicyFile.Empty).IsWithin(Policy.Narrow(policy, PolicyFile.Empty)).ShouldBeTrue());

    [Fact]
    public void A_wider_policy_is_told_from_a_narrower_one()
    {
        var policy = new Policy(NetworkAccess.Setup, ["bash"], null, ["a"], true, TimeSpan.FromMinutes(1));
        Policy[] wider =
        [
            policy with { Network = NetworkAccess.Full },
            policy with { Tools = ["bash", "edit"] },
            policy with { Tools = null },
            policy with { ProtectedPaths = [] },
            policy with { RequireChecks = false },
            policy with { CheckTimeout = TimeSpan.FromMinutes(2) },
        ];

        wider.ShouldAllBe(other => !other.IsWithin(policy) && policy.IsWithin(other));
    }

    private static void Check(Action<Policy, PolicyFile> law) =>
        Prop.ForAll(Policies.Zip(Files).ToArbitrary(), pair => law(pair.Item1, pair.Item2))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true));
}

internal static class Generators
{
    public static Gen<T[]?> OrNull<T>(this Gen<T[]> values) => Gen.OneOf(values.Select(value => (T[]?)value), Gen.Constant<T[]?>(null));

    public static Gen<T> Or<T>(this Gen<T> values, T other) => Gen.OneOf(values, Gen.Constant(other));
}
