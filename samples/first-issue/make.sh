#!/usr/bin/env bash
# Makes a small git repository with an issue beside it: make.sh FOLDER
set -euo pipefail

if [[ $# -ne 1 || -e $1 ]]; then
  echo 'usage: make.sh FOLDER, where FOLDER does not exist yet' >&2
  exit 2
fi

readonly folder=$1
mkdir -p "$folder/greeter"

cat > "$folder/greeter/greet.sh" << 'END'
#!/bin/sh
echo "Hello!"
END
chmod +x "$folder/greeter/greet.sh"

cat > "$folder/greeter/README.md" << 'END'
# Greeter

Says hello.
END

cat > "$folder/issue.md" << 'END'
# Greet people by their name

`greet.sh` says "Hello!" to everybody. `greet.sh Ada` should say "Hello, Ada!"; without a name it should go on as it does.
END

git -C "$folder/greeter" init --quiet --initial-branch main
git -C "$folder/greeter" add --all
git -C "$folder/greeter" -c user.name=Sample -c user.email=sample@example.org commit --quiet --message 'Say hello'
echo "The repository is $folder/greeter, the issue $folder/issue.md"
