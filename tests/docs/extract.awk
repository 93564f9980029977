# extract.awk - takes out of a manual what can be run.
#
#   awk -v out=DIR -f extract.awk FILE.md|FILE.1|FILE.5
#
# Transcripts: fenced blocks marked `console`, literal displays (.Bd -literal) that start with "$ ", and .Dl lines
# that do. "$ " starts a command, "> " goes on with it, all else is what it prints. Transcript number N becomes
# DIR/N.sh, which repeats its commands as it runs them, DIR/N.want, which is the transcript as it stands, and
# DIR/N.line, the line it starts at.
#
# Files: fenced blocks marked `LANGUAGE NAME`, and literal displays after a line `.\" file: NAME`. They become
# DIR/files/NAME.

function quote(text)
{
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

# What a reader sees of a line of a literal display.
function shown(text)
{
    if (!mdoc)
        return text
    sub(/^\\&/, "", text)
    gsub(/\\\(aq/, "'", text)
    gsub(/\\\(ha/, "^", text)
    gsub(/\\\(ti/, "~", text)
    gsub(/\\\(ga/, "`", text)
    gsub(/\\-/, "-", text)
    gsub(/\\e/, "\\", text)
    return text
}

function flush_command()
{
    if (command != "")
        printf "say %s\n%s\n", quote(said), command > (base ".sh")
    command = ""
}

function transcript_line(text)
{
    print text > (base ".want")
    if (text ~ /^\$ /) {
        flush_command()
        said = text
        command = substr(text, 3)
    } else if (text ~ /^> / && command != "") {
        said = said "\n" text
        command = command "\n" substr(text, 3)
    } else {
        flush_command()
    }
}

function begin_transcript()
{
    base = sprintf("%s/%02d", out, ++count)
    printf "" > (base ".sh")
    printf "" > (base ".want")
    print FNR > (base ".line")
    state = "transcript"
}

function begin_file(name)
{
    base = out "/files/" name
    printf "" > base
    state = "file"
}

function end_block()
{
    if (state == "transcript") {
        flush_command()
        close(base ".sh")
        close(base ".want")
        close(base ".line")
    } else if (state == "file") {
        close(base)
    }
    state = ""
}

FNR == 1 { mdoc = FILENAME !~ /\.md$/ }

!mdoc && /^```/ {
    if (state != "")
        end_block()
    else if ($1 == "```console")
        begin_transcript()
    else if (NF == 2)
        begin_file($2)
    else
        state = "other"
    next
}

mdoc && /^\.\\" file: / { file = $3; next }
mdoc && /^\.Dl \$ / { begin_transcript(); transcript_line(shown(substr($0, 5))); end_block(); next }
mdoc && /^\.Bd -literal/ { state = "display"; next }
mdoc && /^\.Ed/ { end_block(); file = ""; next }
state == "display" {
    if (file != "")
        begin_file(file)
    else if (/^\$ /)
        begin_transcript()
    else
        state = "other"
}

state == "transcript" { transcript_line(shown($0)) }
state == "file" { print shown($0) > base }
