#!/usr/bin/env bash
# Makes a git repository of a C# program with a bug and a failing test, with an issue beside it: make.sh FOLDER
set -euo pipefail

if [[ $# -ne 1 || -e $1 ]]; then
  echo 'usage: make.sh FOLDER, where FOLDER does not exist yet' >&2
  exit 2
fi

readonly folder=$1
mkdir -p "$folder/repository"
cd "$folder/repository"

cat > README.md << 'END'
# Shares

Splits an amount of money among people, to the cent. `dotnet run` runs the tests; they need no package, so they build without a network.
END

# No package, and no executable of its own: the SDK has all that a build needs.
cat > Shares.csproj << 'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <UseAppHost>false</UseAppHost>
    <UseSharedCompilation>false</UseSharedCompilation>
  </PropertyGroup>
</Project>
END

cat > Money.cs << 'END'
namespace Shares;

public static class Money
{
    /// <summary>Splits an amount in cents. No share is more than a cent larger than another.</summary>
    public static long[] Split(long cents, int people)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cents);
        ArgumentOutOfRangeException.ThrowIfLessThan(people, 1);
        var shares = new long[people];
        Array.Fill(shares, cents / people);
        return shares;
    }
}
END

cat > Tests.cs << 'END'
using Shares;

var failed = 0;

Check("An amount that can be divided is divided", Money.Split(900, 3), [300, 300, 300]);
Check("Nobody loses a cent", [Money.Split(1000, 3).Sum()], [1000]);
Check("Nothing is nothing for everybody", Money.Split(0, 2), [0, 0]);

return failed == 0 ? 0 : 1;

void Check(string what, long[] actual, long[] expected)
{
    var passed = actual.SequenceEqual(expected);
    failed += passed ? 0 : 1;
    Console.WriteLine(passed
        ? $"passed: {what}"
        : $"FAILED: {what}: expected {string.Join(", ", expected)}, got {string.Join(", ", actual)}");
}
END

cat > .gitignore << 'END'
bin/
obj/
END

cat > .aicd.yml << 'END'
version: 1
test: dotnet run
END

cat > ../issue.md << 'END'
# Cents get lost when an amount cannot be divided

`Money.Split(1000, 3)` gives three shares of 333 cents. One cent is nobody's.

What is left over should go to the first people, a cent each. `dotnet run` shows the failing test.
END

git init --quiet --initial-branch main
git add --all
git -c user.name=Sample -c user.email=sample@example.org commit --quiet --message 'Split money among people'
echo "The repository is $folder/repository, the issue $folder/issue.md"
