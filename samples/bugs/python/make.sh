#!/usr/bin/env bash
# Makes a git repository of a Python module with a bug and a failing test, with an issue beside it: make.sh FOLDER
set -euo pipefail

if [[ $# -ne 1 || -e $1 ]]; then
  echo 'usage: make.sh FOLDER, where FOLDER does not exist yet' >&2
  exit 2
fi

readonly folder=$1
mkdir -p "$folder/repository"
cd "$folder/repository"

cat > README.md << 'END'
# Pages

Cuts a list into pages: `python3 -m unittest` runs the tests, and nothing but the standard library is needed.
END

cat > pages.py << 'END'
"""Cuts a list into pages."""


def page_count(items, size):
    """How many pages the items fill."""
    if size < 1:
        raise ValueError(f"size: expected 1 or more, got {size}")
    return len(items) // size


def page(items, number, size):
    """The items of a page; the first page is number 1."""
    count = page_count(items, size)
    if not 1 <= number <= count:
        raise IndexError(f"number: expected 1 to {count}, got {number}")
    return items[(number - 1) * size : number * size]
END

cat > test_pages.py << 'END'
import unittest

from pages import page, page_count


class PagesTest(unittest.TestCase):
    def test_the_first_page_has_the_first_items(self):
        self.assertEqual(page([1, 2, 3, 4, 5], 1, 2), [1, 2])

    def test_the_last_page_has_what_is_left(self):
        self.assertEqual(page([1, 2, 3, 4, 5], 3, 2), [5])

    def test_a_page_that_is_not_full_counts(self):
        self.assertEqual(page_count([1, 2, 3, 4, 5], 2), 3)

    def test_a_size_below_one_is_refused(self):
        with self.assertRaises(ValueError):
            page_count([1], 0)
END

cat > .gitignore << 'END'
__pycache__/
END

cat > .aicd.yml << 'END'
version: 1
test: python3 -m unittest
END

cat > ../issue.md << 'END'
# The last page is missing when it is not full

Five items in pages of two are three pages, but `page_count` says two, and `page` refuses to show the third one:

    IndexError: number: expected 1 to 2, got 3

`python3 -m unittest` shows it.
END

git init --quiet --initial-branch main
git add --all
git -c user.name=Sample -c user.email=sample@example.org commit --quiet --message 'Cut lists into pages'
echo "The repository is $folder/repository, the issue $folder/issue.md"
