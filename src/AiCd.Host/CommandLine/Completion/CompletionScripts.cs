namespace AiCd.Host.CommandLine.Completion;

/// <summary>
/// Scripts that ask the executable itself, by its <c>[suggest]</c> directive, so that they never fall behind its commands and know the
/// jobs of the store too.
/// </summary>
internal static class CompletionScripts
{
    // Suggestions are found by any part of a word; a shell wants those that begin with it, and options only from whoever has
    // begun one. The first word may be a path.
    private const string Bash = """
        # Completion of aicd for bash. Load it with: eval "$(aicd completion bash)"
        _aicd() {
            local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} candidate
            line=aicd${line#"${COMP_WORDS[0]}"}
            COMPREPLY=()
            while IFS= read -r candidate; do
                if [[ $candidate == "$word"* && $candidate != /* && ($candidate != -* || $word == -*) ]]; then
                    COMPREPLY+=("$candidate")
                fi
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2> /dev/null)
        }
        complete -o default -F _aicd aicd
        """;

    private const string Zsh = """
        #compdef aicd
        # Completion of aicd for zsh. Load it with: eval "$(aicd completion zsh)", or save it as _aicd in a folder of $fpath
        _aicd() {
            local line="aicd ${(j: :)words[2,CURRENT]}" candidate
            local -a candidates
            while IFS= read -r candidate; do
                [[ -n $candidate && $candidate != /* && ($candidate != -* || ${words[CURRENT]} == -*) ]] && candidates+=("$candidate")
            done < <("${words[1]}" "[suggest:${#line}]" "$line" 2> /dev/null)
            if (( ${#candidates} )); then
                compadd -a candidates
            else
                _files
            fi
        }
        if [[ ${funcstack[1]} == _aicd ]]; then
            _aicd "$@"
        else
            compdef _aicd aicd
        fi
        """;

    private const string Fish = """
        # Completion of aicd for fish. Save it as ~/.config/fish/completions/aicd.fish
        function __aicd_complete
            set --local words (commandline --current-process --tokenize --cut-at-cursor)
            set --local line (string join ' ' -- aicd $words[2..-1] (commandline --current-token --cut-at-cursor))
            set --local candidates ($words[1] "[suggest:"(string length -- $line)"]" $line 2> /dev/null | string match --invert '/*')
            if not string match --quiet -- '-*' (commandline --current-token --cut-at-cursor)
                set candidates (string match --invert -- '-*' $candidates)
            end
            printf '%s\n' $candidates
        end
        complete --command aicd --arguments '(__aicd_complete)'
        """;

    private static readonly Dictionary<string, string> ByShell = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static IEnumerable<string> Shells => ByShell.Keys;

    public static string Of(string shell) => ByShell.TryGetValue(shell, out var script)
        ? script
        : throw CommandException.BadInput($"SHELL: expected one of {string.Join(", ", Shells)}, got '{shell}'");
}
