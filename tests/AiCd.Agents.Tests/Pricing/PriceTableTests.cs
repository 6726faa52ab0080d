using System.ComponentModel.DataAnnotations;
using AiCd.Actors.Jobs.Payloads;
using AiCd.Actors.Ports;
using AiCd.Agents.Models;
using AiCd.Agents.Pricing;
using Microsoft.Extensions.Options;

namespace AiCd.Agents.Tests.Pricing;

public sealed class PriceTableTests
{
    [Theory]
    [InlineData("claude-opus-5-5", 4, 20)]
    [InlineData("claude-opus-5-20260101", 5, 25)]
    [InlineData("CLAUDE-Haiku-4-5", 1, 5)]
    [InlineData("gpt-5.5", 5, 30)]
    [InlineData("gpt-5.5-pro", 30, 180)]
    [InlineData("gpt-5.4-mini-2026", 0.75, 4.5)]
    public void A_known_model_has_the_price_of_the_line_that_fits_it_best(string model, double input, double output)
    {
        var price = Table().Find(model);

        ((double)price.Input, (double)price.Output).ShouldBe((input, output));
    }

    [Fact]
    public void Configured_prices_count_before_known_ones_and_in_their_order()
    {
        var table = Table("claude-opus-5-5 1 2", "claude-* 3 4 0.5 6", "*  7 8");

        (table.Find("claude-opus-5-5").Input, table.Find("claude-opus-5").Input, table.Find("anything").Input).ShouldBe((1, 3, 7));
        table.Find("claude-x").ShouldBe(new ModelPrice("claude-*", 3, 4, 0.5m, 6));
        table.Find("claude-opus-5-5").ShouldBe(new ModelPrice("claude-opus-5-5", 1, 2, 1, 1), "what is not said of the cache costs as other input");
    }

    [Fact]
    public void A_model_without_a_price_is_refused_unless_that_is_allowed()
    {
        var refused = Should.Throw<StageException>(() => Table().Find("qwen3-coder"));

        (refused.Kind, refused.Code).ShouldBe((FaultKind.Permanent, "unpriced_model"));
        refused.Message.ShouldBe("The model 'qwen3-coder' has no price: expected one in AiCd:Prices:Models, or AiCd:Prices:AllowUnpriced=true for a model that costs nothing");
        var free = new PriceTable(Options.Create(new PriceOptions { AllowUnpriced = true })).Find("qwen3-coder");
        (free.AtMost(1_000_000, 1_000_000), free.Of(new TokenUsage(1_000, 0, 0, 1_000, 0)).CostMicros).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("model 1 2", true)]
    [InlineData("model  0.5\t2 0.05 100000", true)]
    [InlineData("model 1", false)]
    [InlineData("model 1 2 3 4 5", false)]
    [InlineData("model 1 -2", false)]
    [InlineData("model 1 100001", false)]
    [InlineData("model 1,5 2", false)]
    [InlineData("", false)]
    public void A_line_is_a_model_and_two_to_four_prices(string line, bool valid)
    {
        (ModelPrice.Parse(line) is not null).ShouldBe(valid);
        var problems = new PriceOptions { Models = [line] }.Validate(new ValidationContext(new object())).ToList();
        problems.Count.ShouldBe(valid ? 0 : 1);
        problems.ForEach(problem => problem.ErrorMessage.ShouldNotBeNull().ShouldEndWith($"got '{line}'"));
    }

    [Fact]
    public void Cached_input_written_input_and_output_have_prices_of_their_own_and_parts_are_rounded_up()
    {
        var price = new ModelPrice("m", Input: 4, Output: 20, CachedInput: 0.3m, CacheWrite: 5);

        // 600 plain, 300 read, 100 written, 50 out: 2400 + 90 + 500 + 1000.
        price.Of(new TokenUsage(1_000, 300, 100, 50, 20)).ShouldBe(new Usage(1_000, 50, 300, 20, 3_990));
        price.Of(new TokenUsage(1, 1, 0, 0, 0)).CostMicros.ShouldBe(1);
    }

    [Fact]
    public void Long_input_costs_more_from_its_border_on()
    {
        var price = new ModelPrice("m", 1, 5, 1, 1) { LongFrom = 100, LongFactor = 5 };

        price.Of(new TokenUsage(100, 0, 0, 10, 0)).CostMicros.ShouldBe(150);
        price.Of(new TokenUsage(101, 0, 0, 10, 0)).CostMicros.ShouldBe(755);
        (price.AtMost(100, 10), price.AtMost(101, 10)).ShouldBe((150, 755));
    }

    /// <summary>What is set aside before a request covers it, however its input falls into parts.</summary>
    [Fact]
    public void What_is_set_aside_is_never_less_than_what_a_request_within_its_bounds_costs()
    {
        var random = new Random(4711);
        foreach (var model in new[] { "claude-opus-5-5", "claude-haiku-5-5", "gpt-5.4", "own-a", "own-b" })
        {
            var price = Table("own-a 3 15 0.3 9", "own-b 3 15 6 1").Find(model);
            for (var i = 0; i < 200; i++)
            {
                var (input, output) = (random.Next(0, 250_000), random.Next(0, 20_000));
                var read = random.Next(0, input + 1);
                var written = random.Next(0, input - read + 1);

                price.Of(new TokenUsage(input, read, written, output, 0)).CostMicros.ShouldBeLessThanOrEqualTo(price.AtMost(input + random.Next(0, 3), output), $"{model} {input} {read} {written} {output}");
            }
        }
    }

    private static PriceTable Table(params string[] lines) => new(Options.Create(new PriceOptions { Models = [.. lines] }));
}
