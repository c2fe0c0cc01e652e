//! What an editor would check in every video before it goes out, done on recordings of each kind: lengths,
//! streams, chapters, captions against the voice, the first frame, and no frame out of its place.

mod missing;
mod program;

use std::path::Path;
use std::process::Command;

use program::{Desk, decoded, distance, probe, said};
use serde_json::Value;

/// Words enough to hear where they begin and end, one caption each, and moves from the first frame on.
const LESSON: &str = r#"Lesson(
    title: (en: "Inspected", ja: "検査"),
    input: (shape: (1, 4, 4), fill: Ramp),
    layers: [Conv2d(filters: 1, kernel: (3, 3), weights: Random(seed: 2))],
    scenes: [
        Scene(title: (en: "First", ja: "はじめ"), beats: [
            Run(to: Step(2), over: 4.0),
            Say(text: (en: "One filter moves.", ja: "フィルタがひとつ、ゆっくり動きはじめます。")),
        ]),
        Scene(title: (en: "Second", ja: "つぎ"), beats: [
            Say(text: (en: "It stops. [pause 1.2] It moves on, and leaves a number.", ja: "止まります。[pause 0.8]動きます。")),
            Run(to: End, over: 4.0),
            Say(text: (en: "That is all.", ja: "以上です。")),
        ]),
    ],
)"#;

struct Stream {
    kind: String,
    language: String,
    seconds: f64,
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        value => value.as_f64().unwrap(),
    }
}

/// Seconds of `00:00:04.200000000`, as WebM has them, or of plain seconds.
fn seconds(text: &str) -> f64 {
    text.split(':')
        .fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().unwrap())
}

fn look_into(file: &Path) -> (Vec<Stream>, Vec<(f64, String)>) {
    let text = probe(file, &["-show_streams", "-show_chapters", "-of", "json"]);
    let value: Value = serde_json::from_str(&text).unwrap();
    let streams = value["streams"].as_array().unwrap().iter();
    let streams = streams.filter(|stream| stream["codec_type"] != "data");
    let streams = streams.map(|stream| {
        let tags = &stream["tags"];
        let length = stream["duration"].as_str().or(tags["DURATION"].as_str());
        Stream {
            kind: stream["codec_type"].as_str().unwrap().to_owned(),
            language: tags["language"].as_str().unwrap_or_default().to_owned(),
            seconds: length.map_or(0.0, seconds),
        }
    });
    let chapters = value["chapters"].as_array().unwrap().iter();
    let chapters = chapters.map(|chapter| {
        let title = chapter["tags"]["title"].as_str().unwrap().to_owned();
        (number(&chapter["start_time"]), title)
    });
    (streams.collect(), chapters.collect())
}

/// The cues of a SubRip file: start, end, words.
fn cues(file: &Path) -> Vec<(f64, f64, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    let blocks = text.trim().split("\n\n");
    blocks
        .map(|block| {
            let mut lines = block.lines().skip(1);
            let (from, to) = lines.next().unwrap().split_once(" --> ").unwrap();
            let time = |text: &str| seconds(&text.replace(',', "."));
            (time(from), time(to), lines.collect::<Vec<_>>().join(" "))
        })
        .collect()
}

/// The recording's own. The last sound of a sentence, such as a whispered す, may lie above 8 kHz, where a
/// lower rate would not hear it; the limiter no longer lifts what is left of it, since speech is 3 dB lower.
const RATE: usize = 48_000;

/// How loud a sound track is in each hundredth of a second.
fn loudness(file: &Path, track: usize) -> Vec<f32> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-map", &format!("0:a:{track}"), "-ac", "1"])
        .args(["-ar", &RATE.to_string(), "-f", "f32le", "-"])
        .output()
        .unwrap();
    let samples: Vec<f32> = output
        .stdout
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()).abs())
        .collect();
    let hundredths = samples.chunks(RATE / 100);
    hundredths
        .map(|chunk| chunk.iter().copied().fold(0.0, f32::max))
        .collect()
}

/// Whether each of them is heard: louder than 2% of the loudest.
fn heard(loudness: &[f32]) -> Vec<bool> {
    let peak = loudness.iter().copied().fold(0.0, f32::max);
    assert!((0.05..=1.0).contains(&peak), "{peak}");
    loudness.iter().map(|loud| *loud > peak * 0.02).collect()
}

/// The captions of a track are up while its voice is heard, within 50 ms at both ends.
fn captions_fit(file: &Path, track: usize, srt: &Path) {
    let loudness = loudness(file, track);
    let cues = cues(srt);
    assert!(cues.len() >= 3, "{cues:?}");
    // Captions that follow one another without a gap are one stretch of speech.
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for (start, end, _) in &cues {
        match stretches.last_mut() {
            Some(last) if start - last.1 < 0.2 => last.1 = *end,
            _ => stretches.push((*start, *end)),
        }
    }
    for (start, end) in stretches {
        let from = ((start - 0.25) * 100.0).max(0.0) as usize;
        let to = (((end + 0.25) * 100.0) as usize).min(loudness.len());
        let around = heard(&loudness[from..to]);
        let first = from + around.iter().position(|loud| *loud).unwrap();
        let last = from + around.iter().rposition(|loud| *loud).unwrap() + 1;
        let (first, last) = (first as f64 / 100.0, last as f64 / 100.0);
        assert!(
            (first - start).abs() < 0.05 && (last - end).abs() < 0.05,
            "{}: the voice is heard from {first} to {last}, its caption is up from {start} to {end}",
            file.display()
        );
    }
    // Nothing is said without a caption.
    let heard = heard(&loudness);
    for index in (0..heard.len()).filter(|index| heard[*index]) {
        let time = index as f64 / 100.0;
        assert!(
            cues.iter()
                .any(|(start, end, _)| (start - 0.06..end + 0.06).contains(&time)),
            "{time}"
        );
    }
}

/// Records and inspects; gives the streams, as kind and language.
fn inspect(desk: &Desk, output: &str, more: &[&str]) -> Vec<(String, String)> {
    std::fs::write(desk.at("long.ron"), LESSON).unwrap();
    let voices = ["--voice", "en=espeak-ng", "--voice", "ja=open-jtalk"];
    let recorded = desk.record(output, &[&voices[..], more].concat());
    assert!(recorded.status.success(), "{}", said(&recorded));
    let told = String::from_utf8(recorded.stdout).unwrap();
    let done: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    let (frames, length) = (done["frames"].as_u64().unwrap(), number(&done["seconds"]));
    assert!((length - frames as f64 / 30.0).abs() < 1e-6);

    let file = desk.at(output);
    let (streams, chapters) = look_into(&file);
    for stream in &streams {
        let slack = match stream.kind.as_str() {
            "subtitle" => continue,
            "video" => 0.002,
            // One block of an audio codec; a frame is longer.
            _ => 0.022,
        };
        assert!(
            (stream.seconds - length).abs() <= slack,
            "{output}: {} lasts {} of {length} s",
            stream.kind,
            stream.seconds
        );
    }
    let counted = probe(
        &file,
        &[
            "-count_packets",
            "-select_streams",
            "v",
            "-show_entries",
            "stream=nb_read_packets",
        ],
    );
    assert_eq!(counted.trim(), format!("nb_read_packets={frames}"));

    let scenes = done["chapters"].as_array().unwrap();
    assert_eq!(chapters.len(), scenes.len());
    for ((start, title), scene) in chapters.iter().zip(scenes) {
        assert!((start - number(&scene["start"])).abs() < 0.001);
        assert_eq!(title, scene["title"].as_str().unwrap());
    }

    // The first frame shows something, and each frame is the one of its number and no other.
    let first = decoded(&file, 0, "gray");
    let light = first.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / first.len() as f64;
    let spread = first.iter().max().unwrap() - first.iter().min().unwrap();
    assert!(light > 60.0 && spread > 60, "{light} {spread}");
    let language = if more.iter().any(|word| word.starts_with("ja")) {
        "ja"
    } else {
        "en"
    };
    for frames in ["0..2", "59..62"] {
        let plain = ["--captions", "none", "--force", "--voice", "none"];
        let which = ["--frames", frames, "--lang", language];
        let drawn = desk.record("%d.png", &[&plain[..], &which].concat());
        assert!(drawn.status.success(), "{}", said(&drawn));
    }
    let pictures = [0, 1, 2, 59, 60, 61, 62].map(|drawn| {
        let picture = desk.at(&format!("{drawn}.png"));
        (drawn, decoded(&picture, 0, "gray"))
    });
    for shown in [0, 1, 60, 61] {
        let recorded = decoded(&file, shown, "gray");
        let nearest = pictures
            .iter()
            .map(|(drawn, picture)| (distance(&recorded, picture), *drawn))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap();
        assert_eq!(nearest.1, shown, "{output}: {nearest:?}");
        assert!(nearest.0 < 3.0, "{nearest:?}");
    }
    streams
        .into_iter()
        .map(|stream| (stream.kind, stream.language))
        .collect()
}

fn are(streams: &[(String, String)], wanted: &[(&str, &str)]) {
    let streams: Vec<(&str, &str)> = streams
        .iter()
        .map(|(kind, language)| {
            (
                kind.as_str(),
                if kind == "video" {
                    ""
                } else {
                    language.as_str()
                },
            )
        })
        .collect();
    assert_eq!(streams, wanted);
}

#[test]
fn an_mp4_is_whole_and_its_captions_follow_the_voice() {
    let desk = Desk::new();
    let streams = inspect(&desk, "x.mp4", &[]);
    are(
        &streams,
        &[("video", ""), ("audio", "eng"), ("subtitle", "eng")],
    );
    captions_fit(&desk.at("x.mp4"), 0, &desk.at("x.srt"));

    // Between the sentences lies the pause, as long as it was asked for.
    let heard = heard(&loudness(&desk.at("x.mp4"), 0));
    let mut quiet = (0, 0);
    let mut longest_inside = 0;
    let spoken = cues(&desk.at("x.srt"));
    let second = spoken.iter().find(|cue| cue.2.contains("stops")).unwrap();
    let (from, to) = (
        (second.0 * 100.0) as usize + 10,
        (second.0 * 100.0) as usize + 350,
    );
    for (index, loud) in heard[from..to].iter().enumerate() {
        quiet = if *loud {
            (index + 1, 0)
        } else {
            (quiet.0, quiet.1 + 1)
        };
        longest_inside = longest_inside.max(quiet.1);
    }
    assert!((115..=128).contains(&longest_inside), "{longest_inside}");
}

#[test]
fn a_webm_in_japanese_is_whole_and_its_captions_follow_the_voice() {
    let desk = Desk::new();
    let streams = inspect(&desk, "x.webm", &["--lang", "ja"]);
    are(
        &streams,
        &[("video", ""), ("audio", "jpn"), ("subtitle", "jpn")],
    );
    captions_fit(&desk.at("x.webm"), 0, &desk.at("x.srt"));
}

#[test]
fn two_languages_in_one_file_each_have_a_voice_and_captions_that_fit_it() {
    let desk = Desk::new();
    let streams = inspect(&desk, "x.mp4", &["--lang", "en,ja"]);
    are(
        &streams,
        &[
            ("video", ""),
            ("audio", "eng"),
            ("audio", "jpn"),
            ("subtitle", "eng"),
            ("subtitle", "jpn"),
        ],
    );
    captions_fit(&desk.at("x.mp4"), 0, &desk.at("x.en.srt"));
    captions_fit(&desk.at("x.mp4"), 1, &desk.at("x.ja.srt"));
    assert!(desk.at("x.ja.vtt").exists() && !desk.at("x.srt").exists());
}

#[test]
fn two_languages_can_be_a_file_each() {
    let desk = Desk::new();
    desk.records("x.{lang}.mp4", &["--lang", "en,ja"]);
    for (name, language) in [("x.en.mp4", "eng"), ("x.ja.mp4", "jpn")] {
        let (streams, _) = look_into(&desk.at(name));
        let streams: Vec<(String, String)> = streams
            .into_iter()
            .map(|stream| (stream.kind, stream.language))
            .collect();
        are(
            &streams,
            &[("video", ""), ("audio", language), ("subtitle", language)],
        );
    }
    assert!(desk.at("x.en.srt").exists() && desk.at("x.ja.vtt").exists());
}

/// A beat of several captions, some of which begin with a sound that swells slowly.
const SPEECH: &str = r#"Lesson(
    title: (en: "Spoken", ja: "話"),
    input: (shape: (1, 4, 4), fill: Ramp),
    layers: [Conv2d(filters: 1, kernel: (3, 3))],
    scenes: [Scene(title: (en: "Speech", ja: "話"), beats: [Say(text: (
        en: "Stride one finds every stripe, and the sums alternate. Five positions fit into a row of seven.
            Now the window skips one place at a time. How many values will there be in the output?
            Four by four, so sixteen values are left of twenty-five.",
        ja: "でも、出力を見てください。どこも同じ値になりました。しまと同じ間隔で飛んだからです。
            しま模様も、ちゃんと残っています。それから、ぼかしのフィルタも同じように動きます。
            シャープネスの計算も、同じやり方です。フィルタの下の数だけが、変わりました。",
    ))])],
)"#;

/// Where a caption begins after silence, the voice sets in with it, whoever speaks.
#[test]
fn captions_begin_with_every_voice_that_is_installed() {
    let desk = Desk::new();
    std::fs::write(desk.at("long.ron"), SPEECH).unwrap();
    for voice in ["en=espeak-ng", "en=piper", "ja=open-jtalk", "ja=kokoro-ja"] {
        let language = &voice[..2];
        let wanted = ["--voice", voice, "--lang", language, "--force"];
        let recorded = desk.record("x.mp4", &wanted);
        let told = said(&recorded);
        if told.contains("is not installed") || told.contains("が入っていません") {
            match voice {
                "en=piper" | "ja=kokoro-ja" => missing::left_out_by_choice(
                    &format!("{voice} is not installed"),
                    "`scripts/voices install all` installs it",
                ),
                _ => missing::left_out(&said(&recorded), "`scripts/setup test --again` looks anew"),
            }
            continue;
        }
        assert!(recorded.status.success(), "{}", said(&recorded));
        let heard = heard(&loudness(&desk.at("x.mp4"), 0));
        let mut offsets = Vec::new();
        for (start, _, words) in cues(&desk.at("x.srt")) {
            // Hundredths of a second; a quarter of one second around is looked at.
            let start = start * 100.0;
            let around = (start as usize).saturating_sub(25)..start as usize + 25;
            let onsets = around.filter(|index| {
                heard[*index] && !heard[index.saturating_sub(15)..*index].contains(&true)
            });
            for onset in onsets {
                offsets.push(((onset as f64 - start) / 100.0, words.clone()));
            }
        }
        eprintln!("{voice}: {offsets:?}");
        assert!(offsets.len() >= 3, "{voice}: {offsets:?}");
        let late = offsets.iter().find(|offset| offset.0.abs() >= 0.05);
        assert!(late.is_none(), "{voice}: {late:?}");
    }
}

#[test]
fn captions_are_where_they_were_asked_for() {
    let desk = Desk::new();
    let mut seen = Vec::new();
    for captions in ["both", "burned", "track", "none"] {
        let name = format!("{captions}.mp4");
        desk.records(&name, &["--captions", captions]);
        let (streams, _) = look_into(&desk.at(&name));
        let is_track = streams.iter().any(|stream| stream.kind == "subtitle");
        assert_eq!(is_track, matches!(captions, "both" | "track"), "{captions}");
        assert_eq!(desk.at(&format!("{captions}.srt")).exists(), is_track);
        // While the first words are spoken, at the foot of the picture.
        let picture = decoded(&desk.at(&name), 40, "gray");
        let foot = picture[160 * 65..].to_vec();
        seen.push(foot);
    }
    assert!(seen[0] == seen[1] && seen[2] == seen[3]);
    let apart = distance(&seen[0], &seen[2]);
    assert!(apart > 1.0, "{apart}");
}
