namespace AiCd.Web.Dashboard.Parts;

/// <param name="Field">Null where no field of the form is to blame.</param>
public sealed record FieldProblem(string? Field, string Text);
