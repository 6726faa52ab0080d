using Microsoft.AspNetCore.Http;

namespace AiCd.Web.Problems;

/// <summary>A kind of error. Its name is stable, for programs; status and title go with it.</summary>
public sealed record ProblemType(string Name, int Status, string Title)
{
    public string Uri => $"urn:aicd:problem:{Name}";

    public static ProblemType InvalidField { get; } = new("invalid-field", StatusCodes.Status400BadRequest, "A field is not what is expected");

    public static ProblemType UnknownField { get; } = new("unknown-field", StatusCodes.Status400BadRequest, "A field is not known");

    public static ProblemType MissingField { get; } = new("missing-field", StatusCodes.Status400BadRequest, "A field is missing");

    public static ProblemType InvalidJson { get; } = new("invalid-json", StatusCodes.Status400BadRequest, "The body is not JSON as expected");

    public static ProblemType InvalidCursor { get; } = new("invalid-cursor", StatusCodes.Status400BadRequest, "The cursor is not one of this list");

    public static ProblemType BadRequest { get; } = new("bad-request", StatusCodes.Status400BadRequest, "The request cannot be understood");

    public static ProblemType Unauthenticated { get; } = new("unauthenticated", StatusCodes.Status401Unauthorized, "A valid key is needed");

    public static ProblemType Forbidden { get; } = new("forbidden", StatusCodes.Status403Forbidden, "The key may not do this");

    public static ProblemType CrossOrigin { get; } = new("cross-origin", StatusCodes.Status403Forbidden, "The request comes from another site");

    public static ProblemType NotFound { get; } = new("not-found", StatusCodes.Status404NotFound, "There is no such thing");

    public static ProblemType MethodNotAllowed { get; } = new("method-not-allowed", StatusCodes.Status405MethodNotAllowed, "The resource does not know this method");

    public static ProblemType Timeout { get; } = new("timeout", StatusCodes.Status408RequestTimeout, "The request took too long to arrive");

    public static ProblemType IllegalTransition { get; } = new("illegal-transition", StatusCodes.Status409Conflict, "The job's state does not allow this");

    public static ProblemType AlreadyDone { get; } = new("already-done", StatusCodes.Status409Conflict, "It was done already");

    public static ProblemType StaleApproval { get; } = new("stale-approval", StatusCodes.Status409Conflict, "What was approved has changed");

    public static ProblemType Exists { get; } = new("exists", StatusCodes.Status409Conflict, "It exists already");

    public static ProblemType Changed { get; } = new("changed", StatusCodes.Status412PreconditionFailed, "The resource has changed");

    public static ProblemType TooLarge { get; } = new("too-large", StatusCodes.Status413PayloadTooLarge, "The body is too large");

    public static ProblemType UnsupportedMedia { get; } = new("unsupported-media", StatusCodes.Status415UnsupportedMediaType, "The body's content type is not accepted");

    public static ProblemType WrongHost { get; } = new("wrong-host", StatusCodes.Status421MisdirectedRequest, "The Host header names another server");

    public static ProblemType KeyReused { get; } = new("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity, "The idempotency key came with another request");

    public static ProblemType Unprocessable { get; } = new("unprocessable", StatusCodes.Status422UnprocessableEntity, "The request cannot be fulfilled as it is");

    public static ProblemType TooManyRequests { get; } = new("too-many-requests", StatusCodes.Status429TooManyRequests, "Too many requests");

    public static ProblemType QuotaExceeded { get; } = new("quota-exceeded", StatusCodes.Status429TooManyRequests, "The tenant's quota is used up");

    public static ProblemType HeadersTooLarge { get; } = new("headers-too-large", StatusCodes.Status431RequestHeaderFieldsTooLarge, "The headers are too large");

    public static ProblemType Internal { get; } = new("internal", StatusCodes.Status500InternalServerError, "Something went wrong on the server");

    public static ProblemType Unavailable { get; } = new("unavailable", StatusCodes.Status503ServiceUnavailable, "The node cannot answer at the moment");

    public static ProblemType Quarantined { get; } = new("quarantined", StatusCodes.Status409Conflict, "The job's history cannot be read");

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        InvalidField, UnknownField, MissingField, InvalidJson, InvalidCursor, BadRequest, Unauthenticated, Forbidden, CrossOrigin, NotFound, MethodNotAllowed,
        Timeout, IllegalTransition, AlreadyDone, StaleApproval, Exists, Changed, TooLarge, UnsupportedMedia, WrongHost, KeyReused, Unprocessable,
        TooManyRequests, QuotaExceeded, HeadersTooLarge, Internal, Unavailable, Quarantined,
    ];

    /// <summary>For what the web server itself answers with a status and nothing else.</summary>
    public static ProblemType OfStatus(int status) => All.FirstOrDefault(type => type.Status == status)
        ?? new ProblemType("http-" + status, status, status >= 500 ? Internal.Title : BadRequest.Title);
}
