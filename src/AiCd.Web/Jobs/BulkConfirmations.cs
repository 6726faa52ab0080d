using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Json;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.DataProtection;

namespace AiCd.Web.Jobs;

/// <summary>Tokens that stand for a bulk action as its tenant saw it counted, and for how far calls before have come with it.</summary>
internal sealed class BulkConfirmations(IDataProtectionProvider protection, string tenant)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("AiCd.Web.Bulk", tenant).ToTimeLimitedDataProtector();

    public string Create(BulkRequest request, BulkPlace place) => Base64Url.EncodeToString(
        Protector.Protect(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{HashOf(request)} {place.Before?.ToUnixTimeMilliseconds()} {place.Passed} {place.After}")), Within));

    /// <exception cref="ProblemException">The token is not one of the same action and filter.</exception>
    public BulkPlace Read(BulkRequest request)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Protector.Unprotect(Base64Url.DecodeFromChars(request.Confirm))).Split(' ');
            if (parts is [var hash, var before, var passed, var after] && hash == HashOf(request))
            {
                return new BulkPlace(
                    before.Length > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(before, CultureInfo.InvariantCulture)) : null,
                    long.Parse(passed, CultureInfo.InvariantCulture),
                    after.Length > 0 ? JobId.Parse(after) : null);
            }
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // As wrong as the confirmation of something else.
        }

        throw ProblemException.Field("confirm", "the token of a preview of the same action and filter, not older than 10 minutes", "another one");
    }

    private static string HashOf(BulkRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { Confirm = null, Reason = null }, WebJson.Options)));
}

/// <summary>How far an action has come among jobs that match still when it is done to them.</summary>
/// <param name="Before">Only jobs that were made before are meant; null for all.</param>
/// <param name="Passed">How many matching jobs are behind it.</param>
/// <param name="After">The last of them, in the order in which jobs were made; null at the beginning.</param>
internal sealed record BulkPlace(DateTimeOffset? Before, long Passed, JobId? After)
{
    public JobFilter Narrow(JobFilter filter) => Before is { } before && !(filter.To < before) ? filter with { To = before } : filter;
}
