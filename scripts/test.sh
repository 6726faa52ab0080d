#!/usr/bin/env bash
# Builds the solution and runs all of its tests; installs what they need if it is missing and this is root.
# Arguments go to `dotnet test`, for example: scripts/test.sh --filter FullyQualifiedName~Journal
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly configuration=Release
readonly results=$PWD/TestResults

# No build node and no compiler server may outlive the run: they would keep its output open.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

has() { command -v "$1" > /dev/null; }

has_postgres() { [[ -n ${AICD_TEST_POSTGRES:-} ]] || has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; }

install_missing() {
  local missing=()
  has_postgres || missing+=(postgresql)
  has chromium || missing+=(chromium)
  has bwrap || missing+=(bubblewrap)
  has git || missing+=(git)
  has rg || missing+=(ripgrep)
  # Commands in the sandbox see no other.
  [[ -x /usr/bin/python3 ]] || missing+=(python3)
  has zsh || missing+=(zsh)
  has fish || missing+=(fish)
  [[ ${#missing[@]} -gt 0 ]] || return 0

  if [[ $EUID -ne 0 ]] || ! has apt-get; then
    echo "The tests need programs that are not here. As root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi

  # The tests start clusters of their own; the one that the package would set up has no use.
  if [[ ! -e /etc/postgresql-common/createcluster.conf ]]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  fi

  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq install --yes --no-install-recommends "${missing[@]}" > /dev/null
}

test_projects() { dotnet sln AiCd.sln list | grep 'Tests\.csproj$' | sort; }

# Of a TRX file: total, executed, passed and failed. Tests that were skipped are not executed.
counters() {
  sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)" failed="\([0-9]*\)".*/\1 \2 \3 \4/p' "$1"
}

# Of a TRX file: the names of the failed tests, each with the first line that says why.
failures() {
  awk '
    /<UnitTestResult / {
      name = ""
      if (/ outcome="Failed"/) {
        name = $0
        sub(/.* testName="/, "", name)
        sub(/".*/, "", name)
        print "  " name
      }
    }
    /<Message>/ && name != "" {
      reason = $0
      sub(/.*<Message>/, "", reason)
      sub(/<\/Message>.*/, "", reason)
      print "      " reason
      name = ""
    }
  ' "$1" | sed 's/&#xD;//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&apos;/'"'"'/g; s/&amp;/\&/g'
}

passed=0 failed=0 skipped=0 report=

run_project() {
  local project=$1 name trx total=0 executed=0 ok=0 bad=0 status=0
  shift
  name=$(basename "$project" .csproj)
  trx=$results/$name.trx
  dotnet test "$project" --configuration "$configuration" --no-build --nologo \
    --logger 'console;verbosity=minimal' --logger "trx;LogFileName=$trx" --results-directory "$results" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@" < /dev/null || status=$?

  if [[ -f $trx ]]; then
    read -r total executed ok bad < <(counters "$trx")
  fi

  if [[ $bad -gt 0 ]]; then
    report+="$name: $bad failed"$'\n'"$(failures "$trx")"$'\n'
  elif [[ $status -ne 0 ]]; then
    # A crash or a hang fails no single test, and must not pass for success.
    bad=1
    report+="$name: the run did not finish (exit code $status)"$'\n'
  fi

  passed=$((passed + ok))
  failed=$((failed + bad))
  skipped=$((skipped + total - executed))
}

install_missing
rm -rf "$results"
dotnet build AiCd.sln --configuration "$configuration" --nologo --verbosity quiet -maxcpucount:2 -warnaserror < /dev/null

# One project after another: each has tests that keep two cores busy by themselves, and those of the cluster need their leases renewed in time.
projects=$(test_projects)
while read -r project; do
  run_project "$project" "$@"
done <<< "$projects"

echo
printf '%s' "$report"
if [[ $((passed + failed)) -eq 0 ]]; then
  echo 'No test was run.'
fi

if [[ $skipped -gt 0 ]]; then
  echo "$skipped not run: measurements, which are started by hand."
fi

echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
