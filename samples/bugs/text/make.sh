#!/usr/bin/env bash
# Makes a git repository of plain text whose check fails, with an issue beside it: make.sh FOLDER
set -euo pipefail

if [[ $# -ne 1 || -e $1 ]]; then
  echo 'usage: make.sh FOLDER, where FOLDER does not exist yet' >&2
  exit 2
fi

readonly folder=$1
mkdir -p "$folder/repository"
cd "$folder/repository"

cat > README.md << 'END'
# Glossary

The words that our documents use, a line each: the word, a colon, what it means. The lines are sorted. Where a word is explained by another one, the line
ends in `See "that word".`, spelled as it is there, so that readers find it.

`./check.sh` holds the glossary against these rules.
END

cat > glossary.txt << 'END'
At least once: A message is delivered, perhaps more often than wanted. See "Idempotent".
Event: Something that happened and is on record.
Idempotent: Doing it again changes nothing.
Journal: All events, in their order.
Projection: What was made of the journal, to be read. See "Read model".
Replay: Reading events again to find a state. See "Event log".
Read-model: A shape of the data that answers one question fast.
END

cat > check.sh << 'END'
#!/bin/sh
# Holds glossary.txt against the rules of README.md.
failed=0
words=$(sed 's/: .*//' glossary.txt)

if [ "$(printf '%s\n' "$words" | LC_ALL=C sort)" != "$words" ]; then
  echo 'glossary.txt: the lines are not sorted'
  failed=1
fi

while IFS= read -r found; do
  [ -n "$found" ] || continue
  word=${found#*\"}
  word=${word%\"}
  if ! printf '%s\n' "$words" | grep -qxF "$word"; then
    echo "glossary.txt:${found%%:*}: there is no word \"$word\""
    failed=1
  fi
done << FOUND
$(grep -on 'See "[^"]*"' glossary.txt)
FOUND

[ $failed -eq 0 ] && echo 'The glossary keeps its rules.'
exit $failed
END
chmod +x check.sh

cat > .aicd.yml << 'END'
version: 1
test: ./check.sh
END

cat > ../issue.md << 'END'
# The glossary sends readers to words that it does not have

`./check.sh` fails. Two lines send readers to words that are not there, and the lines are not sorted.

Every line that explains a word by another one should go on doing so, with the name of a word that the glossary has.
END

git init --quiet --initial-branch main
git add --all
git -c user.name=Sample -c user.email=sample@example.org commit --quiet --message 'Explain our words'
echo "The repository is $folder/repository, the issue $folder/issue.md"
