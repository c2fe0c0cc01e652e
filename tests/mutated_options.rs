//! What stands in a link, or behind an option of the command line, with mistakes of every kind: read, or refused with a
//! message; never a panic, a long wait, or much memory.

mod fuzz;

use clap::Parser;
use fuzz::texts::mutated;
use tensorama::cli::worksheet::WorksheetArgs;
use tensorama::language::{Message, Tongue};
use tensorama::link::Link;
use tensorama::tensor::{Fill, Preprocess, ReadError, Shape};

/// What reading them may take: 256 MiB.
const MOST_BYTES: usize = 256 << 20;

#[test]
fn words_of_a_command_line() {
    let texts = [
        "3x6x6",
        "(3, 224, 224)",
        "torch.Size([1, 3, 8, 8])",
        "random:7",
        "sobel_x",
        "-0.5",
        "x.npy",
        "m.safetensors:conv/kernel:0",
        "C:\\a\\b.npz:x",
        "imagenet",
        "size=256,crop=224x320,mean=0.485/0.456/0.406,std=0.5,range=255,order=bgr,background=#0080ff",
        "Impulse(at: (0, 1, 2))",
        "Values([1, 2, 3])",
    ];
    fuzz::run(
        "words_of_a_command_line",
        MOST_BYTES,
        |random| {
            mutated(
                &texts,
                &["x", ":", "=", ",", "/", "×", "#", ".npz", "crop=", "１"],
                random,
            )
            .into_bytes()
        },
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            if let Ok(shape) = text.parse::<Shape>() {
                assert_eq!(shape.to_string().replace(" × ", "x").parse(), Ok(shape));
            }
            let fill = text.parse::<Fill>().map_err(|why| why.to_string());
            if let Ok(chosen) = text.parse::<Preprocess>() {
                assert!(chosen.to_string().parse::<Preprocess>().is_ok(), "{chosen}");
            }
            fill.is_ok()
        },
    );
}

#[test]
fn preprocess() {
    let texts = [
        "imagenet",
        "tf",
        "caffe",
        "mnist",
        "unit",
        "imagenet,size=232,order=bgr",
        "size=256,crop=224,mean=0.5,std=0.5,range=1,order=rgb,background=black",
        "crop=224x320,mean=0.485/0.456/0.406,std=0.229/0.224/0.225,range=255,background=#0080ff",
    ];
    let words = [
        "size=",
        "crop=",
        "mean=",
        "std=",
        "range=",
        "order=",
        "background=",
        "bgr",
        "x",
        "/",
        ",",
        "=",
        "#",
        "-",
        "own",
        "auto",
        "１",
        "e9",
    ];
    fuzz::run(
        "preprocess",
        MOST_BYTES,
        |random| mutated(&texts, &words, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            match text.parse::<Preprocess>() {
                Ok(chosen) => {
                    let written = chosen.word();
                    let again = written.parse::<Preprocess>();
                    assert!(
                        again.is_ok_and(|again| again.word() == written),
                        "{written}"
                    );
                    true
                }
                Err(why) => {
                    let _ = why.to_string();
                    false
                }
            }
        },
    );
}

fn no_files(_: &str) -> Result<Vec<u8>, ReadError> {
    Err(ReadError::NoFolder("nowhere".into()))
}

#[test]
fn links() {
    let texts = [
        "play+convolution+--at+83.5+--lang+ja",
        "play+stride+--paused+--theme+dark",
        "explore+nn.MaxPool2d(2)+--input+3x6x6",
        "explore+nn.Conv2d(3,8,3,padding=1)+--input+3x7x7+--fill+random:3+--weight+sobel_x+--order+position",
        "explore+nn.Sequential(nn.Conv2d(2,3,3),nn.ReLU())+--weight+0=random:7+--operand+0=bias=ramp+--spread+1.5",
        "explore+nn.BatchNorm2d(3)+--operand+running_mean=ramp+--slice+0..2+--position+12.5+--pin+1:0,2,3+--pin+w0:1,0,2,2",
        "explore+nn.Conv2d(1,1,3)+--camera+32,20,12,0,0.5,-1+--perspective+--pin+p0:0,-1,3+--reduced-motion",
        "explore+digits+--open+conv1+--open+layer1",
        "explore+digits+--input+a%20b.png+--preprocess+imagenet,size=232",
    ];
    let words = [
        "+",
        "--",
        "--at",
        "--lang",
        "--theme",
        "--input",
        "--weight",
        "--operand",
        "--pin",
        "--open",
        "--camera",
        "--position",
        "--slice",
        "%",
        "%2B",
        "%00",
        "%ff",
        "%E3%81",
        "=",
        ":",
        "..",
        "nn.",
        "explore",
        "play",
        "digits",
        "NaN",
        "inf",
        "x",
        ",",
    ];
    fuzz::run(
        "links",
        MOST_BYTES,
        |random| mutated(&texts, &words, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            // Names of files are another matter.
            if [".onnx", ".py", ".txt"]
                .iter()
                .any(|end| text.contains(end))
            {
                return false;
            }
            let (link, problems) = Link::read(&text, &no_files);
            for problem in &problems {
                let _ = problem.message();
            }
            let _ = Link::read(&link.text(), &no_files);
            problems.is_empty()
        },
    );
}

/// A command line of `tensorama worksheet`.
#[derive(Debug, Parser)]
#[allow(dead_code, reason = "it is read, and nothing is done with it")]
struct WorksheetLine {
    #[arg(long)]
    lang: Option<Tongue>,
    #[command(flatten)]
    worksheet: WorksheetArgs,
}

#[test]
fn worksheet_options() {
    let texts = [
        "convolution\0-o\0convolution.pdf\0--lang\0ja\0--seed\x002",
        "lessons/stride.ron\0--output=a/b.png\0--no-solution\0--theme\0dark\0--force",
        "stride\0--allow-outside\0-o\0x.pdf\0--lang=de\0--seed=18446744073709551615",
    ];
    let words = [
        "\0", "--", "--seed", "--lang", "--theme", "-o", "=", "pt-BR", "zh", "-1", "dark", ".pdf",
        "é", "\u{202e}",
    ];
    fuzz::run(
        "worksheet_options",
        MOST_BYTES,
        |random| mutated(&texts, &words, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let words = std::iter::once("worksheet").chain(text.split('\0'));
            WorksheetLine::try_parse_from(words)
                .map_err(|why| why.to_string())
                .is_ok()
        },
    );
}
