#!/usr/bin/env bash
# ffmpeg takes \n in a caption of MP4 for a break, and writes further signs into WebVTT that it copies.
#
# Version: ffmpeg 9.0.2 as in imageio-ffmpeg 0.8.1 (PyPI); Debian's 5.1.9 breaks the line in WebVTT too, and
#   writes \{ for {.
# Seen: inside, captions are ASS. Its decoder of mov_text hands {, } and \ on as they are, so a Windows path
#   breaks in two, and a player that draws ASS (mpv) hides what stands in braces. Its decoder of WebVTT guards
#   them: \{{} for {, and an invisible word joiner (shown here as +) behind \. The encoder of WebVTT does not take
#   that back, nor does that of mov_text: WebVTT to WebVTT is another text, and longer each time.
# One would guess otherwise: neither format knows braces or backslashes, a decoder that guards the one format
#   could guard the other, and from a format to itself nothing changes.
# Remedy: -c:s copy; and a word joiner behind each backslash before a letter, which no player shows.
#
# Output seen:
#   | MP4 to WebVTT: set {y:i} in C:
#   | MP4 to WebVTT: ew
#   | WebVTT to WebVTT: set \{{}y:i} in C:\+new
#   | and again: set \+\{{}\{{}}y:i} in C:\++new
#   | WebVTT to MP4: set \{{}y:i} in C:\+new
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
caption() { printf 'WEBVTT\n\n00:00.000 --> 00:01.000\n%s\n' "$1"; }
told() { grep -Ev '^(WEBVTT|.*-->.*|)$' | sed $'s/\xe2\x81\xa0/+/g'";s/^/$1: /"; }
{
  # The text is put into the file, at its length, since no encoder would leave it as it is.
  caption 'set (y:i) in C:/new' > "$work/in.vtt"
  "$ffmpeg" -v error -i "$work/in.vtt" -c:s mov_text "$work/made.mp4"
  sed 's|(y:i) in C:/new|{y:i} in C:\\new|' "$work/made.mp4" > "$work/patched.mp4"
  "$ffmpeg" -v error -i "$work/patched.mp4" -f webvtt - | told "MP4 to WebVTT"
  caption 'set {y:i} in C:\new' > "$work/in.vtt"
  "$ffmpeg" -v error -i "$work/in.vtt" "$work/once.vtt"
  told "WebVTT to WebVTT" < "$work/once.vtt"
  "$ffmpeg" -v error -i "$work/once.vtt" -f webvtt - | told "and again"
  "$ffmpeg" -v error -i "$work/in.vtt" -c:s mov_text "$work/out.mp4"
  "$ffmpeg" -v error -i "$work/out.mp4" -map 0 -c copy -f data - | tail -c +3 | tr -d '\0' | told "WebVTT to MP4"
} | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
