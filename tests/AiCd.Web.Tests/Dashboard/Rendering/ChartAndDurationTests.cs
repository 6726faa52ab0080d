using AiCd.Web.Dashboard.Rendering.Charts;
using AiCd.Web.Dashboard.Rendering.Text;

namespace AiCd.Web.Tests.Dashboard.Rendering;

public sealed class ChartAndDurationTests
{
    [Fact]
    public void A_line_runs_from_left_to_right_with_gaps_where_nothing_is_known() =>
        LineChart.Path([0, 10, null, 5, 20], 20, 100, 40).ShouldBe("M0 40L25 20M75 30L100 0");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0.03, 0.05)]
    [InlineData(7, 10)]
    [InlineData(100, 100)]
    [InlineData(1_234, 2_000)]
    public void The_upper_edge_is_a_round_number(double largest, double top) => LineChart.RoundUp(largest).ShouldBe(top, 1e-9);

    [Theory]
    [InlineData("-00:00:01", "0 s")]
    [InlineData("00:00:00.1234", "123 ms")]
    [InlineData("00:00:03.25", "3.3 s")]
    [InlineData("00:00:59.9", "59 s")]
    [InlineData("00:03:07", "3 min 07 s")]
    [InlineData("05:09:00", "5 h 09 min")]
    [InlineData("12.03:00:00", "12 d 3 h")]
    public void Durations_have_at_most_two_units(string duration, string text) =>
        Durations.Of(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(text);
}
