using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiCd.Actors.Jobs;
using AiCd.Actors.Projections;
using AiCd.Web.Problems;
using Microsoft.AspNetCore.DataProtection;

namespace AiCd.Web.Jobs;

/// <summary>Where a page of a list ended, as a token that only the same tenant's same list accepts, on every node.</summary>
public sealed class Cursors(IDataProtectionProvider protection)
{
    public string Create(string tenant, JobListQuery query, JobPlace place) => Base64Url.EncodeToString(
        ProtectorOf(tenant).Protect(Encoding.UTF8.GetBytes($"{ListOf(query)} {place.Job} {place.Priority ?? place.At?.ToUnixTimeMilliseconds()}")));

    /// <exception cref="ProblemException">The cursor is not one of this list.</exception>
    public JobPlace Read(string tenant, JobListQuery query, string cursor)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(ProtectorOf(tenant).Unprotect(Base64Url.DecodeFromChars(cursor))).Split(' ');
            if (parts.Length == 3 && parts[0] == ListOf(query) && JobId.TryParse(parts[1], out var job))
            {
                return query.Sort switch
                {
                    _ when parts[2].Length == 0 => new JobPlace(job),
                    JobSort.HighestPriority or JobSort.LowestPriority => new JobPlace(job, Priority: int.Parse(parts[2], CultureInfo.InvariantCulture)),
                    _ => new JobPlace(job, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture))),
                };
            }
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // As wrong as one of another list.
        }

        throw new ProblemException(ProblemType.InvalidCursor, "The cursor was not given out for this list", "cursor", "`next` of the page before, with the same filter and sort");
    }

    private IDataProtector ProtectorOf(string tenant) => protection.CreateProtector("AiCd.Web.Cursors", tenant);

    private static string ListOf(JobListQuery query)
    {
        var filter = query.Filter;
        var text = string.Join('\n', [
            query.Sort.ToString(), string.Join(',', filter.States ?? []), filter.Repository ?? "", filter.Label ?? "", string.Join(',', filter.Words ?? []),
            filter.Hold ?? "", filter.From?.ToString("O") ?? "", filter.To?.ToString("O") ?? ""]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
