using System.Reflection;
using System.Xml.Linq;

namespace AiCd.Host.Tests.Architecture;

public sealed class ReferenceGraphTests
{
    private const string HostAssembly = "aicd";

    [Fact]
    public void Project_files_refer_to_what_the_design_allows()
    {
        var references = ProjectFiles.References(Path.Combine(ProjectFiles.FindRepository(), "src"));

        ReferenceGraph.Violations(references).ShouldBeEmpty();
        references["AiCd.Agents"].ShouldBe(["AiCd.Actors"]);
        references["AiCd.Host"].Count.ShouldBe(4);
    }

    [Fact]
    public void Compiled_assemblies_refer_to_what_the_design_allows() =>
        ReferenceGraph.Violations(ReferenceGraph.Parts.ToDictionary(part => part, ReferencesOf)).ShouldBeEmpty();

    [Theory]
    [InlineData("AiCd.Actors", "AiCd.Agents", "AiCd.Actors refers to AiCd.Agents; allowed: none")]
    [InlineData("AiCd.Agents", "AiCd.Forge", "AiCd.Agents refers to AiCd.Forge; allowed: AiCd.Actors")]
    [InlineData("AiCd.Forge", "AiCd.Agents", "AiCd.Forge refers to AiCd.Agents; allowed: AiCd.Actors")]
    [InlineData("AiCd.Forge", "AiCd.Host", "AiCd.Forge refers to AiCd.Host; allowed: AiCd.Actors")]
    [InlineData("AiCd.Web", "AiCd.Forge", "AiCd.Web refers to AiCd.Forge; allowed: AiCd.Actors")]
    [InlineData("AiCd.Host", "AiCd.Testing", "AiCd.Host refers to AiCd.Testing; allowed: AiCd.Actors, AiCd.Agents, AiCd.Forge, AiCd.Web")]
    public void Any_other_reference_is_named(string part, string reference, string violation)
    {
        var references = Design();
        references[part] = [.. references[part], reference];

        ReferenceGraph.Violations(references).ShouldBe([violation]);
    }

    [Fact]
    public void A_part_too_many_or_too_few_is_named()
    {
        var references = Design();
        references.Remove("AiCd.Web");
        references["AiCd.Plugins"] = [];

        ReferenceGraph.Violations(references).ShouldBe(["AiCd.Web is missing", "AiCd.Plugins is not a part of the design"]);
    }

    [Fact]
    public void References_are_found_in_every_form_that_a_project_file_has() =>
        ProjectFiles.Read(XDocument.Parse("""
            <Project>
              <ItemGroup Condition="'$(X)' == 'y'">
                <ProjectReference Include="..\AiCd.Actors\AiCd.Actors.csproj;../AiCd.Forge/AiCd.Forge.csproj" />
                <Reference Include="lib/AiCd.Web.dll" />
                <Reference Include="AiCd.Agents" />
                <PackageReference Include="AiCd.Other" />
                <PackageReference Include="Dapper" />
              </ItemGroup>
            </Project>
            """)).ShouldBe(["AiCd.Actors", "AiCd.Forge", "AiCd.Web", "AiCd.Agents", "AiCd.Other"]);

    private static Dictionary<string, IReadOnlyList<string>> Design() => new()
    {
        ["AiCd.Actors"] = [],
        ["AiCd.Agents"] = ["AiCd.Actors"],
        ["AiCd.Forge"] = ["AiCd.Actors"],
        ["AiCd.Web"] = ["AiCd.Actors"],
        ["AiCd.Host"] = ["AiCd.Actors", "AiCd.Agents", "AiCd.Forge", "AiCd.Web"],
    };

    private static IReadOnlyList<string> ReferencesOf(string part) =>
    [
        .. Assembly.Load(part == "AiCd.Host" ? HostAssembly : part).GetReferencedAssemblies()
            .Select(name => name.Name == HostAssembly ? "AiCd.Host" : name.Name!)
            .Where(name => name.StartsWith("AiCd.", StringComparison.Ordinal)),
    ];
}
