#!/usr/bin/env bash
# ffmpeg loses a caption track's language in MP4 if it has two letters, and shortens captions that overlap.
#
# Version: ffmpeg 9.0.2 as in imageio-ffmpeg 0.8.1 (PyPI); Debian's 5.1.9 does the same.
# Seen: -metadata:s:s:0 language=ja gives a track of no language, without a warning, also where a Matroska
#   file that says "ja" is remuxed to MP4; language=jpn arrives. A caption from 0 to 1 s and one from
#   0.5 to 2 s come back from mov_text as 0 to 0.5 and 0.5 to 2: the second one's text alone is shown
#   in the half second that belongs to both. Matroska keeps both times.
# One would guess otherwise: "ja" is the ISO 639-1 code, ffmpeg writes it into Matroska as given, HTML and
#   WebVTT players want two letters, and an unknown value might be warned of. SRT allows overlap.
#
# Output seen:
#   | language=ja: MP4 none, Matroska ja, Matroska to MP4 none
#   | language=jpn: MP4 jpn, Matroska jpn, Matroska to MP4 jpn
#   | MP4: 00:00:00,000 --> 00:00:00,500 00:00:00,500 --> 00:00:02,000
#   | Matroska: 00:00:00,000 --> 00:00:01,000 00:00:00,500 --> 00:00:02,000
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
printf '1\n00:00:00,000 --> 00:00:01,000\none\n\n2\n00:00:00,500 --> 00:00:02,000\ntwo\n\n' > "$work/in.srt"
language() {
  local told
  told=$("$ffmpeg" -hide_banner -i "$1" 2>&1 | sed -n 's/.*Stream #0:0[^(]*(\([a-z]*\)): Subtitle.*/\1/p')
  echo "${told:-none}"
}
times() { "$ffmpeg" -v error -i "$1" -f srt - | grep -e '-->' | paste -sd ' '; }
{
  for code in ja jpn; do
    "$ffmpeg" -v error -y -i "$work/in.srt" -c:s mov_text -metadata:s:s:0 language=$code "$work/a.mp4"
    "$ffmpeg" -v error -y -i "$work/in.srt" -c:s srt -metadata:s:s:0 language=$code "$work/a.mkv"
    "$ffmpeg" -v error -y -i "$work/a.mkv" -c:s mov_text "$work/b.mp4"
    echo "language=$code: MP4 $(language "$work/a.mp4"), Matroska $(language "$work/a.mkv"), Matroska to MP4 $(language "$work/b.mp4")"
  done
  echo "MP4: $(times "$work/a.mp4")"
  echo "Matroska: $(times "$work/a.mkv")"
} | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
