using AiCd.Actors.Runtime.Pools;
using AiCd.Testing;

namespace AiCd.Actors.Tests.Runtime.Pools;

public sealed class ProviderCircuitsTests : IDisposable
{
    private const string Agent = "agent";

    private readonly ManualTimeProvider _time = new();
    private readonly ProviderCircuits _circuits;
    private readonly List<string> _reopened = [];

    public ProviderCircuitsTests()
    {
        _circuits = new ProviderCircuits(_time);
        _circuits.Reopened += _reopened.Add;
    }

    public void Dispose() => _circuits.Dispose();

    [Fact]
    public void A_provider_that_is_up_lets_everybody_pass()
    {
        Passes().ShouldBeTrue();
        Passes().ShouldBeTrue();
        _circuits.IsOpen(Agent).ShouldBeFalse();
    }

    [Fact]
    public void A_provider_that_is_down_lets_nobody_pass_and_others_go_on()
    {
        _circuits.ReportDown(Agent, null);

        Passes().ShouldBeFalse();
        _circuits.IsOpen(Agent).ShouldBeTrue();
        _circuits.TryPass("other", out _).ShouldBeTrue();
    }

    [Fact]
    public void After_the_pause_exactly_one_passes()
    {
        _circuits.ReportDown(Agent, null);
        _time.Advance(ProviderCircuits.FirstPause - TimeSpan.FromMilliseconds(1));
        Passes().ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        _reopened.ShouldBe([Agent]);
        Passes().ShouldBeTrue();
        Passes().ShouldBeFalse();
    }

    [Fact]
    public void When_the_one_succeeds_everybody_passes()
    {
        HalfOpen();
        Passes();

        _circuits.ReportUp(Agent);

        _reopened.Count.ShouldBe(2);
        _circuits.IsOpen(Agent).ShouldBeFalse();
        Passes().ShouldBeTrue();
        Passes().ShouldBeTrue();
    }

    [Fact]
    public void When_the_one_fails_the_pause_doubles_up_to_the_longest()
    {
        _circuits.ReportDown(Agent, null);
        for (var pause = ProviderCircuits.FirstPause; pause < ProviderCircuits.LongestPause * 4; pause *= 2)
        {
            var bounded = pause < ProviderCircuits.LongestPause ? pause : ProviderCircuits.LongestPause;
            _time.Advance(bounded - TimeSpan.FromSeconds(1));
            Passes().ShouldBeFalse($"{bounded} have not passed");
            _time.Advance(TimeSpan.FromSeconds(1));
            Passes().ShouldBeTrue($"{bounded} have passed");
            _circuits.ReportDown(Agent, null);
        }
    }

    [Fact]
    public void A_recovered_provider_begins_with_the_first_pause_again()
    {
        HalfOpen();
        Passes();
        _circuits.ReportDown(Agent, null);
        _circuits.ReportUp(Agent);

        HalfOpen();

        Passes().ShouldBeTrue();
    }

    [Fact]
    public void Attempts_that_failed_together_double_the_pause_once()
    {
        for (var i = 0; i < 5; i++)
        {
            _circuits.ReportDown(Agent, null);
        }

        _time.Advance(ProviderCircuits.FirstPause);
        Passes().ShouldBeTrue();
    }

    [Fact]
    public void The_pause_is_never_shorter_than_the_provider_asked_for()
    {
        _circuits.ReportDown(Agent, TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Passes().ShouldBeFalse();

        _time.Advance(TimeSpan.FromMinutes(0.2));
        Passes().ShouldBeTrue();
    }

    [Fact]
    public void A_longer_wait_that_is_asked_for_while_the_circuit_is_open_is_honoured_too()
    {
        _circuits.ReportDown(Agent, null);
        _time.Advance(TimeSpan.FromSeconds(10));

        _circuits.ReportDown(Agent, TimeSpan.FromMinutes(5));
        _circuits.ReportDown(Agent, TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromMinutes(4.9));
        Passes().ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(0.2));
        Passes().ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_wait_that_is_over_already_does_not_shorten_the_pause(int seconds)
    {
        _circuits.ReportDown(Agent, TimeSpan.FromSeconds(seconds));
        _time.Advance(ProviderCircuits.FirstPause / 2);

        Passes().ShouldBeFalse();
    }

    [Fact]
    public void A_wait_of_years_is_bounded()
    {
        using var system = new ProviderCircuits(TimeProvider.System);
        system.ReportDown(Agent, TimeSpan.MaxValue);

        _circuits.ReportDown(Agent, TimeSpan.MaxValue);
        _time.Advance(TimeSpan.FromDays(1));

        Passes().ShouldBeTrue();
    }

    [Fact]
    public void When_the_one_ends_without_a_word_another_one_passes()
    {
        HalfOpen();
        _circuits.TryPass(Agent, out var probe).ShouldBeTrue();

        _circuits.ReportNothing(Agent, probe);

        _reopened.Count.ShouldBe(2);
        Passes().ShouldBeTrue();
        Passes().ShouldBeFalse();
    }

    [Fact]
    public void An_attempt_from_before_the_failure_lets_nobody_pass_when_it_ends()
    {
        _circuits.TryPass(Agent, out var old).ShouldBeTrue();
        HalfOpen();
        _circuits.TryPass(Agent, out var first).ShouldBeTrue();

        _circuits.ReportNothing(Agent, old);
        Passes().ShouldBeFalse("one is under way");

        _circuits.ReportDown(Agent, null);
        _time.Advance(ProviderCircuits.FirstPause * 2);
        _circuits.TryPass(Agent, out _).ShouldBeTrue();
        _circuits.ReportNothing(Agent, first);
        Passes().ShouldBeFalse("the one that ends late is not the one that is under way");
    }

    private bool Passes() => _circuits.TryPass(Agent, out _);

    private void HalfOpen()
    {
        _circuits.ReportDown(Agent, null);
        _time.Advance(ProviderCircuits.FirstPause);
    }
}
