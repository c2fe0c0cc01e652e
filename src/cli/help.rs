//! The command line's own words in each language: help and mistakes. English is what the
//! descriptions of the commands say; Japanese stands here, and a test asks for each of them.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::language::{Language, Localized, Message, Told, says};
use crate::tensor::{FillWordError, ShapeError};

/// The help of a command in Japanese.
struct Help {
    /// Its name; that of the program for the program itself.
    command: &'static str,
    /// What it does.
    about: &'static str,
    /// What its arguments are.
    arguments: &'static [(&'static str, &'static str)],
    /// What stands under them, where that has words in it.
    after: Option<&'static str>,
}

/// Arguments that several commands have.
const SHARED: &[(&str, &str)] = &[
    (
        "lang",
        "表示とレッスンの言語: en か ja、またはレッスンに訳文のある言語。省略するとロケールに従う",
    ),
    ("help", "この説明を表示する"),
    ("version", "バージョンを表示する"),
    (
        "theme",
        "部屋の明るさ: light か dark。省略すると前回選んだもの",
    ),
    (
        "reduced_motion",
        "動きを減らす。カメラは移動せずに切り替わり、立方体は飛ばずに現れて消える",
    ),
    ("json", "JSON で出力する"),
    (
        "classes",
        "ネットワークが見分けるクラスの名前: 1 行に 1 名のファイル、または JSON のリストや表 (ImageNet の {\"0\": [\"n01440764\", \"tench\"]} など)。省略するとネットワークのファイルにある名前",
    ),
    (
        "voice",
        "声。省略すると入っている一番よい声。`none` では字幕だけになる",
    ),
    ("force", "すでにあるファイルに上書きする"),
    (
        "allow_outside",
        "レッスンのフォルダの外にあるファイルも読めるようにする。信頼できるレッスンだけに使う",
    ),
    (
        "transcript",
        "話す文を Markdown のファイル (.md) としてビデオの隣に書き出す",
    ),
    (
        "chapters",
        "ビデオの説明欄に貼れるチャプターの一覧を、このファイルかビデオの隣 (.chapters.txt) に書き出す",
    ),
    (
        "poster",
        "ポスター画像 (.png) をビデオの隣に書き出す。この時刻のフレームか、中ほどのよいフレーム",
    ),
];

/// What layers and networks are given, for each command that shows them.
const SUBJECT: &[(&str, &str)] = &[
    (
        "input",
        "入力: 3x7x7 のような形状、画像、.npy、.npz、.safetensors のファイル (FILE:TENSOR で名前のあるテンソル)。プリセットには初めから入力がある",
    ),
    (
        "fill",
        "形状で指定した入力の初期値: ramp、count、random:SEED、checkerboard、画像など",
    ),
    (
        "weight",
        "重み: ファイル、random:SEED、sobel_x など。層がいくつかあるときは N=... で N 番目の層 (0 から)",
    ),
    ("bias", "バイアス。書き方は重みと同じ"),
    (
        "operand",
        "名前で指定するほかの値 (running_mean=ramp など)。複数の層のうち N 番目なら N=名前=...",
    ),
    (
        "order",
        "畳み込みのループの順序: filter、position、channel。省略すると filter",
    ),
    (
        "part",
        "ネットワークの一部。この名前のノードから始まる層の連なり。省略すると最初の連なり",
    ),
    (
        "preprocess",
        "ネットワークに読ませる前の画像の前処理。eval と同じ",
    ),
];

const HELP: &[Help] = &[
    Help {
        command: "tensorama",
        about: "テンソルの演算を、動く 3D のレッスンで見る",
        arguments: &[],
        after: Some(super::AFTER_HELP.ja),
    },
    Help {
        command: "play",
        about: "レッスンをウィンドウで見る",
        arguments: &[
            ("lesson", "レッスンの名前かパス"),
            ("at", "始める時刻。秒か 1:23 の形で、レッスンの下のバーに出る時刻"),
            ("paused", "止めた状態で開く"),
            (
                "notes",
                "教える人のためのメモを出力する: いま話す文、正しい答え、次に来る文",
            ),
        ],
        after: None,
    },
    Help {
        command: "explore",
        about: "好きな層をウィンドウで動かして調べる",
        arguments: &[
            (
                "layer",
                "PyTorch の書き方の層、nn.Sequential(...)、プリセットの名前、ネットワーク (NET.onnx、MODEL.py、PRINTED.txt)、保存したレッスン (FILE.ron) のどれか。省略すると nn.Conv2d(3, 4, 3, bias=False)",
            ),
            ("last", "前回のウィンドウのワークベンチから続ける"),
            (
                "camera",
                "カメラ: 水平と垂直の角度 (度)、画面の高さ、中心の x、y、z",
            ),
            ("spread", "チャネルの間を空ける幅。立方体の数で"),
            ("slice", "これらのチャネルだけを表示する。最初と最後"),
            ("position", "終わったステップの数。小数は次のステップの途中、end は全部"),
            ("pin", "要素を固定する: 1:0,2,3 はテンソル 1 のチャネル 0、行 2、列 3。w0:1,0,2,2 は層 0 の重み。p0:0,-1,3 はそのパディング"),
            (
                "open",
                "ネットワーク全体で、この名前の部分を開いておく。段階ならブロックが、ブロックなら層が見える",
            ),
            ("perspective", "平行投影の代わりに透視投影にする"),
            ("picture", "ウィンドウを開かずに、この表示を PNG ファイルに描く"),
            ("size", "画像の大きさ: 幅x高さ、または 720p、1080p、1440p、4k"),
        ],
        after: None,
    },
    Help {
        command: "completions",
        about: "シェルの補完スクリプトを出力する",
        arguments: &[("shell", "シェル: bash、zsh、fish、elvish、powershell")],
        after: None,
    },
    Help {
        command: "man",
        about: "マニュアルページを roff で出力する",
        arguments: &[("command", "このコマンドのページを出力する")],
        after: None,
    },
    Help {
        command: "check",
        about: "レッスンの誤りを見つける",
        arguments: &[
            ("lessons", "レッスンの名前かパス"),
            (
                "voices",
                "入っている声に、それぞれの文の読み方を尋ねる。英語は eSpeak NG、日本語は Open JTalk",
            ),
        ],
        after: None,
    },
    Help {
        command: "list",
        about: "付属のレッスン、またはプリセットの一覧を表示する",
        arguments: &[("presets", "レッスンの代わりにプリセット (名前の付いた層) を表示する")],
        after: None,
    },
    Help {
        command: "sentences",
        about: "レッスンの文を、別の言語に訳すためのファイルに書き出す",
        arguments: &[("lesson", "レッスンの名前かパス")],
        after: Some(
            "\
ファイルを書き出し、訳を書き込んで確かめます。レッスンを変えたら、もう一度書き出します:
  tensorama sentences convolution --lang de
  tensorama check convolution --lang de
  tensorama play convolution --lang de",
        ),
    },
    Help {
        command: "eval",
        about: "層や層の連なりを入力に対して計算し、最初のステップの計算を示す。すべてのステップは --trace で書き出す",
        arguments: &[
            (
                "layer",
                "PyTorch の書き方の層、nn.Sequential(...)、プリセットの名前、ONNX ファイルのどれか",
            ),
            (
                "input",
                "入力: 形状 (3x6x6)、.npy、.npz、.safetensors のファイル (FILE:TENSOR で名前のあるテンソル)、PNG か JPEG の画像。プリセットには初めから入力がある。ネットワークの入力が複数なら NAME=...",
            ),
            (
                "preprocess",
                "画像をネットワークの入力にする前処理: imagenet、tf、caffe、mnist、unit、または size=256,crop=224,mean=0.5,std=0.5,range=1,order=rgb のような設定。ネットワークごとに覚え、auto で忘れる",
            ),
            ("values", "ネットワークのすべてのテンソルを名前付きで .npz ファイルに書き出す"),
            (
                "fill",
                "形状で指定した入力の初期値: ramp、count、random:SEED、uniform:SEED、checkerboard、impulse、数、または形状に合わせて縮める画像",
            ),
            (
                "weight",
                "層が 1 つのときの重み: ファイル、sobel_x などの名前のあるカーネル、または上と同じ初期値",
            ),
            ("bias", "層が 1 つのときのバイアス: ファイル、または上と同じ初期値"),
            ("other", "Add の 2 つ目の入力: ファイル、または上と同じ初期値"),
            ("operand", "層が 1 つのとき、PyTorch の名前で指定するほかの値 (running_mean=mean.npy など)"),
            ("output", "結果を .npy ファイルに書き出す"),
            (
                "trace",
                "すべてのステップを項と途中の和とともに、1 行に 1 つの JSON で書き出す",
            ),
            (
                "scatter",
                "転置畳み込みを、ゼロ挿入ではなく散らして足す形で、フィルタと入力の位置ごとに書き出す",
            ),
        ],
        after: None,
    },
    Help {
        command: "shape",
        about: "層や層の連なりの形状と計算量を表示する",
        arguments: &[
            (
                "layer",
                "PyTorch の書き方の層、nn.Sequential(...)、プリセットの名前、ONNX ファイルのどれか",
            ),
            (
                "input",
                "入力の形状: チャネル、高さ、幅。プリセットには初めから入力がある。ONNX ファイルにもたいていあり、先頭にバッチが付く。入力が複数なら NAME=1x3x224x224",
            ),
        ],
        after: None,
    },
    Help {
        command: "record",
        about: "レッスンや、層、ネットワークのナレーション付きビデオ、または画像を作る",
        arguments: &[
            (
                "lesson",
                "レッスンの名前かパス。または、レッスンにして説明させるもの: PyTorch の書き方の層、nn.Sequential(...)、プリセットの名前、ネットワーク (NET.onnx、MODEL.py、PRINTED.txt)",
            ),
            (
                "all",
                "付属のレッスンをすべて、それぞれのファイルに録画する。-o にはフォルダを指定する",
            ),
            (
                "output",
                "書き出すファイル: .mp4、.webm、.gif、.webp。--frames と --still では .png。層やネットワークでは、.ron にするとレッスンそのものを書き出し、編集できる",
            ),
            ("format", "--all で書き出す形式: mp4、webm、gif、webp。省略すると mp4"),
            (
                "lang",
                "言語: en か ja、またはレッスンに訳文のある言語。省略すると en。en,ja のように書くと 1 つのファイルの音声と字幕のトラックになり、画面は最初の言語、ビートの長さは一番長いトラックに合わせる。-o の名前に {lang} があれば、言語ごとのファイルになる",
            ),
            (
                "size",
                "幅x高さ (画素)、または 720p、1080p、1440p、4k。省略すると 1920x1080、.gif と .webp では 960x540",
            ),
            (
                "aspect",
                "縦横比。短い辺は --size のまま: 16:9、9:16、1:1、4:5",
            ),
            ("fps", "フレームレート (毎秒)。省略すると 30、.gif と .webp では 15"),
            ("draft", "すばやい下見: 640x360、毎秒 15 フレーム"),
            (
                "from",
                "始まり: 秒か 1:23 の形の時刻、または scene-2 や scene-2-beat-3 の始まり",
            ),
            ("to", "終わり: 時刻、または scene-2 や scene-2-beat-3 の終わり"),
            (
                "voice",
                "声。省略すると入っている一番よい声。`none` では字幕だけになる。言語がいくつかあるときは --voice en=piper --voice ja=open-jtalk のように書く",
            ),
            (
                "captions",
                "字幕: both (画面とトラックとファイル)、burned (画面だけ)、track (トラックとファイルだけ)、none。省略すると both、言語がいくつかあるときは track",
            ),
            ("theme", "部屋の明るさ: light か dark。省略すると light"),
            (
                "reduced_motion",
                "動きに敏感な人のために、カメラを移動させずに切り替える",
            ),
            (
                "frames",
                "これらのフレームだけを描く。最初と最後。-o が frame_%05d.png のような形なら PNG ファイルに、そうでなければ `tensorama join` のためのビデオの分担にする",
            ),
            (
                "share",
                "フレームの分担の 1 つを描く。8 つのうちの 2 つ目なら 2/8。`tensorama join` でつなぐ",
            ),
            (
                "jobs",
                "N 個のプロセスで描く。1 つではコアやグラフィックスカードが余るときに役立つ。コアが 2 つでソフトウェアのドライバなら、2 つにしても速くならなかった。省略すると 1",
            ),
            (
                "resume",
                "途中で止まった録画を、できている最後の 10 秒の区間から続ける。--all では、すでにあるビデオをそのままにする",
            ),
            ("still", "この時刻 (秒か 1:23) のフレームを PNG ファイルに描く"),
            ("camera", "録画にはない。代わりにできることを表示する"),
            ("dry_run", "録画せずに、何が録画されるかを表示する"),
            ("json", "進み具合を、1 行に 1 つの JSON で標準出力に書く"),
        ],
        after: Some(
            "\
例:
  tensorama record convolution -o convolution.mp4 --lang ja
  tensorama record convolution -o tall.mp4 --aspect 9:16 --theme dark
  tensorama record convolution -o page.gif --from scene-2 --to scene-2
  tensorama record convolution -o look.mp4 --draft --from 0:40 --to 1:10
  tensorama record convolution -o convolution.webm --transcript --chapters --poster
  tensorama record convolution -o both.mp4 --lang en,ja
  tensorama record convolution -o 'convolution.{lang}.mp4' --lang en,ja
  tensorama record convolution -o convolution.mp4 --resume       Ctrl-C、異常終了、ディスク不足の後に
  tensorama record convolution -o share-2.mp4 --share 2/8        tensorama join を参照
  tensorama record convolution --frames 300..599 -o frame_%05d.png
  tensorama record convolution --still 0:42 -o poster.png
  tensorama record \"nn.Conv2d(3, 8, 3, padding=1)\" -o layer.mp4 --lang en,ja
  tensorama record \"nn.MaxPool2d(2)\" --input cat.png -o pool.ron   編集してから、それを録画する
  tensorama record net.onnx --part conv1 --input cat.png -o part.mp4
  tensorama record --all -o videos --size 720p",
        ),
    },
    Help {
        command: "join",
        about: "録画の分担を、音声、字幕、チャプターとともにつなぐ",
        arguments: &[
            ("lesson", "分担を録画したレッスンの名前かパス"),
            (
                "shares",
                "分担。順序は自由。言語、声、大きさなどは分担に従う",
            ),
            ("output", "書き出すファイル: 分担と同じ .mp4 か .webm"),
            ("json", "進み具合を、1 行に 1 つの JSON で標準出力に書く"),
        ],
        after: Some(
            "\
同じ設定で分担を好きな所で録画してから、つなぎます:
  tensorama record convolution -o share-1.mp4 --share 1/3
  tensorama record convolution -o share-2.mp4 --share 2/3
  tensorama record convolution -o share-3.mp4 --share 3/3
  tensorama join convolution share-*.mp4 -o convolution.mp4
docs/ja/render-farm.md に GNU parallel と Slurm での手順があります。",
        ),
    },
    Help {
        command: "worksheet",
        about: "レッスンから、印刷して紙の上で解く練習問題と解答を作る",
        arguments: &[
            ("lesson", "レッスンの名前かパス"),
            (
                "output",
                "書き出すファイル: .pdf か .png。.png では、ページが複数あれば番号を付けて 1 ページずつ書き出す",
            ),
            ("seed", "計算する値を選び直す。番号ごとに別の問題になる。省略すると 1"),
            ("scene", "このシーンだけ。番号、または \"2,4\" の形"),
            ("no_solution", "解答のページを付けない"),
            (
                "theme",
                "配色: light は白地に黒、dark は画面に映すための黒地に白。省略すると light",
            ),
        ],
        after: None,
    },
    Help {
        command: "draw-segments",
        about: "別のプロセスの録画のフレームを描く",
        arguments: &[
            ("lesson", "レッスン"),
            ("folder", "録画の途中のフォルダ"),
            ("frames", "最初と最後のフレーム"),
            ("sentences", "レッスンの訳文の言語"),
        ],
        after: None,
    },
    Help {
        command: "draw-only",
        about: "レッスンのフレームを描いて捨てる",
        arguments: &[
            ("lesson", "レッスン"),
            ("lang", "言語"),
            ("size", "幅x高さ (画素)"),
            ("fps", "フレームレート (毎秒)"),
        ],
        after: None,
    },
    Help {
        command: "narrate",
        about: "自分の声のために話す文を表示する。または録画の前に音声を作っておく",
        arguments: &[
            ("lesson", "レッスンの名前かパス"),
            ("list", "録音の名前と話す文を、タブで区切って表示する"),
            ("speak", "音声を作って保存し、録画のときに待たずに使えるようにする"),
            ("page", "音声を作り、Web ページのための音と時刻をこのフォルダに書く"),
            ("lang", "言語: en か ja、またはレッスンに訳文のある言語。省略すると en"),
            ("voice", "話す声。省略すると入っている一番よい声"),
        ],
        after: Some(
            "\
それぞれの文を、その名前の WAV ファイルとして 1 つのフォルダに録音し、自分の声のビデオを作ります:
  tensorama narrate convolution --list
  tensorama record convolution -o convolution.mp4 --voice \"wav: my-recordings\"
たくさんのマシンで分担して録画する前に、全員から見えるフォルダに音声を 1 度だけ作っておきます:
  TENSORAMA_VOICE_CACHE=/shared/voices tensorama narrate convolution --speak",
        ),
    },
];

/// How the help of a command is laid out in Japanese.
const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

/// The help of an argument in Japanese.
fn help_of(command: &str, argument: &str) -> Option<&'static str> {
    let own = HELP.iter().find(|help| help.command == command);
    let own = own.into_iter().flat_map(|help| help.arguments);
    own.chain(SHARED)
        .chain(SUBJECT)
        .find(|(name, _)| *name == argument)
        .map(|(_, help)| *help)
}

/// A command with its words in a language.
pub fn in_language(command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        Language::Ja => in_japanese(command.propagate_version(false)),
    }
}

fn in_japanese(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let help = HELP.iter().find(|help| help.command == name);
    let flag = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help);
    let mut command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(flag)
        .help_template(TEMPLATE)
        .subcommand_help_heading("コマンド")
        .subcommand_value_name("コマンド")
        .mut_args(|argument| {
            let heading = if argument.is_positional() {
                "引数"
            } else {
                "オプション"
            };
            let argument = argument
                .help_heading(heading)
                .hide_possible_values(true)
                .hide_default_value(true);
            match help_of(&name, argument.get_id().as_str()) {
                Some(text) => argument.help(text).long_help(None),
                None => argument,
            }
        })
        .mut_subcommands(in_japanese);
    if let Some(help) = help {
        command = command.about(help.about).long_about(None);
        let examples = command.get_after_help().map(ToString::to_string);
        let examples = examples.map(|text| text.replacen("Examples:", "例:", 1));
        if let Some(after) = help.after.map(str::to_owned).or(examples) {
            command = command.after_help(after);
        }
    }
    if command.get_version().is_some() {
        let flag = Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help_heading("オプション");
        let text = help_of(&name, "version").unwrap_or_default();
        command = command.disable_version_flag(true).arg(flag.help(text));
    }
    command
}

/// Understands a command line, or ends the program as it asks: with help, the version, or what is
/// wrong with it.
pub fn matches(command: Command, words: Vec<OsString>, language: Language) -> ArgMatches {
    let command = in_language(command, language);
    command
        .try_get_matches_from(words)
        .unwrap_or_else(|error| end(&error, language))
}

/// Ends the program with a mistake of its command line, or with help.
pub fn end(error: &Error, language: Language) -> ! {
    if language == Language::En || !error.use_stderr() {
        error.exit();
    }
    super::printing::remark(format_args!("{}\n", mistake(error).ja));
    std::process::exit(error.exit_code());
}

/// What is wrong with a command line. In English that is clap's own text.
fn mistake(error: &Error) -> Localized<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let ja = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} に値が必要です"),
        ErrorKind::InvalidValue => {
            let valid = context(ContextKind::ValidValue);
            format!("{argument} の値 '{value}' は使えません。使えるのは {valid} です")
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(reason);
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            format!("{argument} の値 '{value}' は使えません{why}")
        }
        ErrorKind::UnknownArgument => {
            let meant = context(ContextKind::SuggestedArg);
            let meant = if meant.is_empty() {
                String::new()
            } else {
                format!("。{meant} のことですか?")
            };
            format!("{argument} という引数はありません{meant}")
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            let meant = context(ContextKind::SuggestedSubcommand);
            let meant = if meant.is_empty() {
                String::new()
            } else {
                format!("。{meant} のことですか?")
            };
            format!("{name} というコマンドはありません{meant}")
        }
        ErrorKind::MissingRequiredArgument => format!("{argument} が必要です"),
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg);
            if prior.is_empty() || prior == argument {
                format!("{argument} は 1 度しか指定できません")
            } else {
                format!("{argument} は {prior} と一緒には使えません")
            }
        }
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => format!("{argument} の値の数が違います"),
        // The rest is told by clap alone.
        _ => return Localized::same(error.to_string()),
    };
    let en = error.to_string();
    says!(
        en: "{en}",
        ja: "エラー: {ja}\n\n詳しくは --help を付けて実行してください。"
    )
}

/// Why a value is not one, in Japanese.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let told = error.downcast_ref::<Told>().map(Message::message);
    let fill = || error.downcast_ref::<FillWordError>().map(Message::message);
    let shape = || error.downcast_ref::<ShapeError>().map(Message::message);
    told.or_else(fill)
        .or_else(shape)
        .map_or_else(|| error.to_string(), |message| message.ja)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands() -> Vec<Command> {
        let program = crate::cli::program();
        let mut commands: Vec<Command> = program.get_subcommands().cloned().collect();
        commands.push(program);
        commands
    }

    #[test]
    fn every_command_and_argument_has_japanese_help_and_no_help_is_left_over() {
        for command in commands() {
            let name = command.get_name();
            let help = HELP.iter().find(|help| help.command == name);
            let help = help.unwrap_or_else(|| panic!("no Japanese help for {name}"));
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(help_of(name, id).is_some(), "{name} {id}");
                assert!(argument.get_help().is_some(), "{name} {id} in English");
            }
            for (id, _) in help.arguments {
                let mut known = command.get_arguments();
                assert!(known.any(|known| known.get_id() == id), "{name} {id}");
            }
            let words = command.get_after_help().map(ToString::to_string);
            if help.after.is_none() {
                let words = words.unwrap_or_default();
                let only_commands = words
                    .lines()
                    .all(|line| line == "Examples:" || line.starts_with("  tensorama "));
                assert!(only_commands, "{name}: {words}");
            }
        }
    }

    #[test]
    fn the_help_of_every_command_is_japanese() {
        let mut program = in_language(crate::cli::program(), Language::Ja);
        program.build();
        let mut commands: Vec<Command> = program.get_subcommands().cloned().collect();
        commands.push(program);
        for mut command in commands {
            let text = command.render_long_help().to_string();
            assert!(text.contains("使い方:"), "{text}");
            for english in [
                "Usage",
                "Options:",
                "Arguments:",
                "Print ",
                "possible values",
                "Examples",
            ] {
                assert!(!text.contains(english), "{english}: {text}");
            }
        }
    }

    #[test]
    fn a_mistake_in_the_command_line_is_told_in_japanese() {
        for (words, part) in [
            ("tensorama chekc", "check のことですか"),
            ("tensorama check", "が必要です"),
            ("tensorama check x --josn", "という引数はありません"),
            ("tensorama shape x --input 3xx", "形状ではありません"),
            ("tensorama eval x --fill rampe", "初期値はありません"),
            ("tensorama check x --lang xx", "という言語はありません"),
        ] {
            let words = words.split(' ').map(OsString::from);
            let program = in_language(crate::cli::program(), Language::Ja);
            let error = program.try_get_matches_from(words).unwrap_err();
            let told = mistake(&error).ja;
            assert!(told.contains(part), "{told}");
        }
    }
}
