namespace AiCd.Actors.Jobs.Payloads;

/// <summary>What is to be done, in the words of whoever filed it. All of it is untrusted text.</summary>
/// <param name="Title">One line.</param>
/// <param name="Body">Markdown or plain text; may be long.</param>
/// <param name="Url">Where the issue stands, if it stands anywhere.</param>
public sealed record Issue(string Title, string Body, string? Url);
