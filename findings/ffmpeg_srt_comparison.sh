#!/usr/bin/env bash
# ffmpeg takes comparisons and generics in SRT captions for markup, and drops words with them.
#
# Version: ffmpeg 9.0.2 as in imageio-ffmpeg 0.8.1 (PyPI); Debian's 5.1.9 does the same.
# Seen: converted to any other caption format, and also from SRT to SRT: of "a < b and c > d" remains
#   "a <b> d</b>" (a bold tag; "and c" was its attribute), of "List<Tensor>" remains "List", {y:i} goes, and
#   \n in a Windows path is a new line. "1 < 2" alone is kept. Copied (-c:s copy), all is kept.
#   WebVTT with &lt; and &gt; comes through, and is written to SRT as < and >, which the next reader drops.
# One would guess otherwise: SRT has no escapes, so text is taken to be text; a space after < is no tag in
#   HTML; and SRT to SRT without an option looks like a copy.
#
# Output seen:
#   | SRT to SRT: a <b> d</b>
#   | SRT to SRT: List
#   | SRT to SRT: set
#   | SRT to SRT: C:
#   | SRT to SRT: ew
#   | SRT to SRT: 1 < 2
#   | WebVTT to SRT: a < b and c > d
#   | and again: a <b> d</b>
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
number=0
for text in 'a < b and c > d' 'List<Tensor>' 'set {y:i}' 'C:\new' '1 < 2'; do
  printf '%d\n00:00:%02d,000 --> 00:00:%02d,500\n%s\n\n' $((number + 1)) $number $number "$text"
  number=$((number + 1))
done > "$work/in.srt"
printf 'WEBVTT\n\n00:00.000 --> 00:01.000\na &lt; b and c &gt; d\n' > "$work/in.vtt"
told() { grep -Ev '^([0-9]+|.*-->.*|)$' | sed "s/^/$1: /"; }
{
  "$ffmpeg" -v error -i "$work/in.srt" -f srt - | told "SRT to SRT"
  "$ffmpeg" -v error -i "$work/in.vtt" "$work/out.srt"
  told "WebVTT to SRT" < "$work/out.srt"
  "$ffmpeg" -v error -i "$work/out.srt" -f srt - | told "and again"
} | sed 's/ *$//' | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
