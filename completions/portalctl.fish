# fish completion of portalctl: every answer comes from the program itself.

function __portalctl_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l answers (command $words[1] __complete -- $words[2..] "$last" 2>/dev/null)
    if test "$answers" = \tfiles
        __fish_complete_path "$last"
    else
        printf '%s\n' $answers
    end
end

complete -c portalctl -k -f -a '(__portalctl_complete)'
