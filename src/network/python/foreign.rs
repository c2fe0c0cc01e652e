//! Lines of Keras and TensorFlow, and layers of well-known packages: recognised, with what they are in
//! PyTorch.

use crate::language::Localized;
use crate::says;

/// Layers of Keras with other names than PyTorch's, and what to write instead.
const KERAS: &[(&str, &str)] = &[
    ("Conv1D", "nn.Conv1d(in_channels, filters, kernel_size)"),
    ("Conv2D", "nn.Conv2d(in_channels, filters, kernel_size)"),
    ("Conv3D", "nn.Conv3d(in_channels, filters, kernel_size)"),
    (
        "Convolution2D",
        "nn.Conv2d(in_channels, filters, kernel_size)",
    ),
    (
        "SeparableConv2D",
        "DepthwiseSeparable(filters, kernel_size)",
    ),
    (
        "DepthwiseConv2D",
        "nn.Conv2d(channels, channels, kernel_size, groups=channels)",
    ),
    (
        "Conv1DTranspose",
        "nn.ConvTranspose1d(in_channels, filters, kernel_size)",
    ),
    (
        "Conv2DTranspose",
        "nn.ConvTranspose2d(in_channels, filters, kernel_size)",
    ),
    ("MaxPooling1D", "nn.MaxPool1d(pool_size)"),
    ("MaxPooling2D", "nn.MaxPool2d(pool_size)"),
    ("MaxPool2D", "nn.MaxPool2d(pool_size)"),
    ("AveragePooling2D", "nn.AvgPool2d(pool_size)"),
    ("AvgPool2D", "nn.AvgPool2d(pool_size)"),
    (
        "GlobalAveragePooling2D",
        "nn.AdaptiveAvgPool2d(1), nn.Flatten()",
    ),
    (
        "GlobalMaxPooling2D",
        "nn.AdaptiveMaxPool2d(1), nn.Flatten()",
    ),
    ("UpSampling2D", "nn.Upsample(scale_factor=size)"),
    ("ZeroPadding2D", "nn.ZeroPad2d(padding)"),
    (
        "BatchNormalization",
        "nn.BatchNorm2d(num_features, eps=0.001)",
    ),
    (
        "LayerNormalization",
        "nn.LayerNorm(normalized_shape, eps=0.001)",
    ),
    ("Dense", "nn.Linear(in_features, units)"),
    ("Activation", "nn.ReLU()"),
    ("InputLayer", "--input 3x224x224"),
    ("Input", "--input 3x224x224"),
    ("SpatialDropout2D", "nn.Dropout2d(p)"),
];

/// Arguments that Keras has and PyTorch has not.
const KERAS_ARGUMENTS: &[(&str, &str)] = &[
    ("filters", "out_channels"),
    ("strides", "stride"),
    ("pool_size", "kernel_size"),
    ("dilation_rate", "dilation"),
    ("use_bias", "bias"),
    ("units", "out_features"),
    ("epsilon", "eps"),
    ("activation", "nn.ReLU()"),
    ("input_shape", "--input"),
    ("data_format", ""),
    ("kernel_initializer", ""),
    ("kernel_regularizer", ""),
    ("rate", "p"),
];

fn is_keras(instead: &str) -> Localized<String> {
    says!(
        en: "this is Keras; in PyTorch it is {instead}: PyTorch names in_channels first, puts channels before \
             rows and columns, and has the activation as a layer of its own",
        ja: "これは Keras の書き方です。PyTorch では {instead} です。PyTorch では in_channels を先に書き、\
             チャネルが行と列の前に来て、活性化は独立した層になります。"
    )
}

/// What to say of a call that no operation and no layer of PyTorch has; `None` where it may be a slip.
/// `of_torch` when it is written with `nn.`.
pub(super) fn layer(name: &str, of_torch: bool, keywords: &[&str]) -> Option<Localized<String>> {
    let argued = keywords
        .iter()
        .any(|keyword| KERAS_ARGUMENTS.iter().any(|(known, _)| known == keyword));
    let keras = KERAS.iter().find(|(known, _)| *known == name);
    if let Some((_, instead)) = keras
        && (!of_torch || argued)
    {
        return Some(is_keras(instead));
    }
    if matches!(
        name,
        "Conv2dSame"
            | "Conv2dSamePadding"
            | "Conv2dStaticSamePadding"
            | "MaxPool2dSame"
            | "AvgPool2dSame"
    ) {
        return Some(says!(
            en: "{name} (of timm or EfficientNet-PyTorch) pads as TensorFlow does, by the size of its input: the odd row and column go to the end. Write nn.Conv2d with padding=(left, right, top, bottom), or export the model to ONNX",
            ja: "{name} (timm や EfficientNet-PyTorch の層) は TensorFlow と同じく、入力の大きさに応じて余りを末尾に詰めます。nn.Conv2d に padding=(左, 右, 上, 下) を指定するか、ONNX に書き出してください。"
        ));
    }
    None
}

/// What to say of an argument that a layer of PyTorch has not, but Keras has.
pub(super) fn argument(name: &str, keyword: &str) -> Option<Localized<String>> {
    let (_, instead) = KERAS_ARGUMENTS
        .iter()
        .find(|(known, _)| *known == keyword)?;
    if instead.is_empty() {
        return Some(says!(
            en: "{keyword} is an argument of Keras; {name} of PyTorch has nothing like it, leave it out",
            ja: "{keyword} は Keras の引数です。PyTorch の {name} にはないので取り除いてください。"
        ));
    }
    Some(says!(
        en: "{keyword} is an argument of Keras; in PyTorch write {instead}",
        ja: "{keyword} は Keras の引数です。PyTorch では {instead} と書きます。"
    ))
}

/// What to say of a call of `Conv2d` and the like that has too few arguments for PyTorch.
pub(super) fn keras(name: &str, positional: usize) -> Option<Localized<String>> {
    let known = KERAS.iter().find(|(known, _)| *known == name);
    known
        .filter(|_| positional > 0)
        .map(|(_, instead)| is_keras(instead))
}

/// What to say of something of a library that is not PyTorch.
pub(super) fn library(path: &str) -> Option<Localized<String>> {
    let first = path.split('.').next().unwrap_or(path);
    if !matches!(first, "tf" | "tensorflow" | "keras" | "layers") {
        return None;
    }
    let name = path.rsplit('.').next().unwrap_or(path);
    let known = KERAS.iter().find(|(known, _)| *known == name);
    Some(match known {
        Some((_, instead)) => is_keras(instead),
        None => says!(
            en: "{path} is of TensorFlow or Keras; this reads PyTorch, and ONNX files (tf2onnx writes one)",
            ja: "{path} は TensorFlow / Keras のものです。ここで読めるのは PyTorch と ONNX ファイルです (tf2onnx で書き出せます)。"
        ),
    })
}
