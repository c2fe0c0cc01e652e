//! Files that are dropped on the window, as a file manager drops them.

use std::path::Path;
use std::process::Command;

use super::{Bench, missing, open_layer, wait_for};

/// A Python that speaks to an X server; `None` without one.
fn python() -> Option<&'static str> {
    ["/usr/bin/python3", "python3"].into_iter().find(|python| {
        let known = Command::new(python).args(["-c", "import Xlib"]).output();
        known.is_ok_and(|known| known.status.success())
    })
}

#[track_caller]
fn drop_on(bench: &Bench, python: &str, files: &[&Path]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/window/drop.py");
    let done = bench
        .command(python)
        .arg(script)
        .args([&*bench.window, "640", "560"])
        .args(files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{files:?}: {said}");
}

/// So much of the screen changes.
#[track_caller]
fn seen(bench: &Bench, before: &[u8], part: f64) {
    wait_for("another picture", || {
        bench.shows_change(before, part).then_some(())
    });
}

/// A `.safetensors` file with one tensor of ones.
fn safetensors([channels, rows, columns]: [usize; 3]) -> Vec<u8> {
    let count = channels * rows * columns;
    let head = format!(
        r#"{{"x":{{"dtype":"F32","shape":[{channels},{rows},{columns}],"data_offsets":[0,{}]}}}}"#,
        count * 4
    );
    let mut bytes = (head.len() as u64).to_le_bytes().to_vec();
    bytes.extend(head.as_bytes());
    bytes.extend(1.0_f32.to_le_bytes().repeat(count));
    bytes
}

#[test]
fn files_that_are_dropped_come_onto_the_workbench() {
    let Some(python) = python() else {
        missing::left_out(
            "python3-xlib is not installed",
            "`sudo apt-get install python3-xlib`",
        );
        return;
    };
    let Some(bench) = open_layer() else {
        return;
    };
    // Away from where the program stands, under a name with a blank and Japanese letters.
    let folder = bench.path().join("モデル of mine");
    std::fs::create_dir(&folder).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };

    // A text with a line of PyTorch.
    let layers = file("layers.txt", b"nn.Conv2d(3, 5, 2)\n");
    let before = bench.screen();
    drop_on(&bench, python, &[&layers]);
    bench.is("layers", "nn.Conv2d(3, 5, 2)");
    bench.is("input", "[3, 7, 7]");
    seen(&bench, &before, 0.02);

    // Numbers and pictures become the input.
    let tensor = tensorama::tensor::Tensor::new(
        tensorama::tensor::Shape::new(&[3, 6, 9]).unwrap(),
        vec![0.5; 162],
    );
    let npy = tensorama::tensor::files::write_npy(&tensor.unwrap());
    drop_on(&bench, python, &[&file("x.npy", &npy)]);
    bench.is("input", "[3, 6, 9]");
    let before = bench.screen();
    drop_on(
        &bench,
        python,
        &[&file("x.safetensors", &safetensors([3, 8, 5]))],
    );
    bench.is("input", "[3, 8, 5]");
    seen(&bench, &before, 0.02);
    let picture = folder.join("cat.PNG");
    image::RgbImage::from_pixel(12, 10, image::Rgb([200, 120, 40]))
        .save(&picture)
        .unwrap();
    drop_on(&bench, python, &[&picture]);
    bench.is("input", "[3, 10, 12]");
    bench.is("problem", "");
    bench.is("paste problem", "");
    // What was there before comes back.
    bench.keys(&["ctrl+z"]);
    bench.is("input", "[3, 8, 5]");

    // A lesson that was saved. It names files by where they lie from its own folder, so it stays there.
    let text = bench.saved();
    let lesson = bench.path().join("saved レッスン.ron");
    std::fs::write(&lesson, text).unwrap();
    drop_on(&bench, python, &[&layers]);
    bench.write("nn.MaxPool2d(2)");
    bench.keys(&["Return"]);
    bench.has("layers", "MaxPool2d");
    bench.release();
    drop_on(&bench, python, &[&lesson]);
    bench.is("layers", "nn.Conv2d(3, 5, 2)");
    bench.is("input", "[3, 8, 5]");

    // What cannot be used changes nothing, and a message says what, where, and what to do. It is
    // seen even though the panels were hidden.
    bench.keys(&["p"]);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let hidden = bench.screen();
    drop_on(&bench, python, &[&file("paper.pdf", b"%PDF-1.7")]);
    bench.has("paste problem", "paper.pdf: it is a PDF document");
    bench.has("paste problem", "PNG");
    seen(&bench, hidden.as_ref(), 0.1);
    for (name, bytes, says) in [
        ("broken.npy", &b"\x93NUMPY nonsense"[..], ".npy"),
        ("broken.png", b"\x89PNG nonsense", "broken.png: "),
        ("broken.safetensors", b"nonsense", "broken.safetensors: "),
        ("model.py", b"nn.Conv2d(3, 8, 3, strid=2)", "did you mean"),
        ("sound.txt", b"\xff\xfe\x00\x80", "sound.txt: "),
        ("no-lesson.ron", b"Lesson(", "no-lesson.ron"),
        (
            "deep.npy",
            &tensorama::tensor::files::write_npy(
                &tensorama::tensor::Tensor::new(
                    tensorama::tensor::Shape::new(&[2, 3, 4, 5]).unwrap(),
                    vec![0.0; 120],
                )
                .unwrap(),
            ),
            "channels, rows and columns",
        ),
    ] {
        let path = file(name, bytes);
        drop_on(&bench, python, &[&path]);
        bench.has("paste problem", name);
        bench.has("paste problem", says);
        bench.is("layers", "nn.Conv2d(3, 5, 2)");
        bench.is("input", "[3, 8, 5]");
    }
    drop_on(&bench, python, &[&folder]);
    bench.has(
        "paste problem",
        "モデル of mine: files of this kind cannot be opened",
    );
    bench.has("paste problem", ".safetensors");
    // A file that can be used takes the message away.
    drop_on(&bench, python, &[&picture]);
    bench.is("paste problem", "");
    bench.is("input", "[3, 10, 12]");
}
