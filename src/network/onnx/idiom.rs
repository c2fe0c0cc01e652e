//! Groups of nodes that are one thing: what an exporter writes for a layer that ONNX has not.

use super::build::{Build, float_of};
use super::model::Node;
use crate::language::{Localized, says};
use crate::op::{
    BatchAxis, Identity, LPPool1d, LPPool2d, Layer, OnnxAttribute, Permute, Reshape, Softplus,
    one_layer,
};
use crate::tensor::Shape;

/// A layer that several nodes are.
pub(super) struct Found {
    /// A node from the first input to the last output.
    pub node: Node,
    /// The layer.
    pub layer: Option<Layer>,
    /// What is to be said of it.
    pub note: Option<Localized<String>>,
    /// The places of its nodes.
    pub parts: Vec<usize>,
}

/// The group that begins at a node.
pub(super) fn find(build: &Build, nodes: &[Node], place: usize) -> Option<Found> {
    match nodes[place].op_type.as_str() {
        "Reshape" => shuffle(build, nodes, place),
        "Pow" => power_pool(build, nodes, place),
        "Softplus" | "Mul" => softplus(build, nodes, place),
        _ => None,
    }
}

/// The node that alone uses the output of another, where it is of an operator.
fn next(build: &Build, nodes: &[Node], place: usize, op_type: &str) -> Option<usize> {
    let [output] = nodes[place].outputs.as_slice() else {
        return None;
    };
    let user = build.only_user(output)?;
    (nodes[user].op_type == op_type).then_some(user)
}

fn joined(nodes: &[Node], parts: Vec<usize>, layer: Layer) -> Option<Found> {
    let (first, last) = (&nodes[*parts.first()?], &nodes[*parts.last()?]);
    let names: Vec<&str> = parts
        .iter()
        .map(|&part| nodes[part].op_type.as_str())
        .collect();
    let (count, names) = (names.len(), names.join(", "));
    let name = layer.name();
    Some(Found {
        node: Node {
            name: first.place().name,
            op_type: name.to_owned(),
            inputs: first.inputs.get(..1)?.to_vec(),
            outputs: last.outputs.clone(),
            ..Node::default()
        },
        layer: Some(layer),
        note: Some(says!(
            en: "{count} nodes of the file ({names}) are this one layer",
            ja: "ファイルの {count} 個のノード ({names}) をまとめた 1 つの層です。"
        )),
        parts,
    })
}

/// Reshape, Transpose, Reshape: elements between channels and rows and columns, or between groups of
/// channels.
fn shuffle(build: &Build, nodes: &[Node], place: usize) -> Option<Found> {
    let turn = next(build, nodes, place, "Transpose")?;
    let last = next(build, nodes, turn, "Reshape")?;
    let own = build.axes(nodes[place].inputs.first()?)?;
    // 0 stands for what was there; −1 is worked out where the layer is planned.
    let target = |place: usize, before: &[usize]| {
        let shape: &Node = &nodes[place];
        let list = build.constant(shape.inputs.get(1)?)?.as_integers()?;
        let lengths = list.iter().enumerate();
        let lengths = lengths.map(|(axis, &length)| match before.get(axis) {
            Some(&before) if length == 0 => before as i64,
            _ => length,
        });
        Some(lengths.collect::<Vec<i64>>())
    };
    let Some(OnnxAttribute::Integers(order)) = nodes[turn].attributes.get("perm") else {
        return None;
    };
    let input = Shape::of_axes(&own).ok()?;
    let split = Layer::from(Reshape {
        shape: target(place, &own)?,
    });
    let turned = Layer::from(Permute {
        dims: order.clone(),
    });
    let between = split.plan_inputs(&[input], BatchAxis::Present).ok()?;
    let between = turned.plan_inputs(&[*between.output_shape()], BatchAxis::Present);
    let between = between.ok()?;
    let joining = Layer::from(Reshape {
        shape: target(last, between.output_shape().axes())?,
    });
    let layer = one_layer(&[split, turned, joining], &input)?;
    if layer == Identity.into() {
        return None;
    }
    joined(nodes, vec![place, turn, last], layer)
}

/// Pow, AveragePool, Sign, Abs, Relu, Mul, Mul, Pow: PyTorch's `LPPool`.
fn power_pool(build: &Build, nodes: &[Node], place: usize) -> Option<Found> {
    let number = |place: usize, input: usize| {
        let name = nodes[place].inputs.get(input)?;
        float_of(build.constant(name)?)
    };
    let pool = next(build, nodes, place, "AveragePool")?;
    let users = build.users.get(nodes[pool].outputs.first()?)?;
    let find = |op_type: &str| {
        users
            .iter()
            .copied()
            .find(|&user| nodes[user].op_type == op_type)
    };
    let (sign, magnitude) = (find("Sign")?, find("Abs")?);
    let relu = next(build, nodes, magnitude, "Relu")?;
    let signed = next(build, nodes, sign, "Mul")?;
    if next(build, nodes, relu, "Mul")? != signed || users.len() != 2 {
        return None;
    }
    let scaled = next(build, nodes, signed, "Mul")?;
    let root = next(build, nodes, scaled, "Pow")?;
    let integers = |name: &str| match nodes[pool].attributes.get(name) {
        Some(OnnxAttribute::Integers(values)) => {
            let values = values.iter().map(|&value| usize::try_from(value).ok());
            values.collect::<Option<Vec<usize>>>()
        }
        _ => None,
    };
    let kernel = integers("kernel_shape")?;
    let stride = integers("strides").unwrap_or_else(|| vec![1; kernel.len()]);
    let padded = integers("pads").is_some_and(|pads| pads.iter().any(|&pad| pad > 0));
    let norm_type = f64::from(number(place, 1)?);
    let size: usize = kernel.iter().product();
    let scale = number(scaled, 1).or_else(|| number(scaled, 0))?;
    let exponent = f64::from(number(root, 1)?);
    if padded || scale != size as f32 || (exponent * norm_type - 1.0).abs() > 1e-6 {
        return None;
    }
    let ceil_mode = matches!(
        nodes[pool].attributes.get("ceil_mode"),
        Some(OnnxAttribute::Integer(1))
    );
    let layer: Layer = match (kernel[..].try_into(), stride[..].try_into()) {
        (Ok(kernel), Ok(stride)) => LPPool2d {
            norm_type,
            kernel,
            stride: Some(stride),
            ceil_mode,
            magnitudes: false,
            padding: [0; 2],
            padding_after: None,
            dilation: [1; 2],
        }
        .into(),
        _ => LPPool1d {
            norm_type,
            kernel: kernel[..].try_into().ok()?,
            stride: Some(stride[..].try_into().ok()?),
            ceil_mode,
            magnitudes: false,
            padding: [0; 1],
            padding_after: None,
            dilation: [1; 1],
        }
        .into(),
    };
    let parts = vec![place, pool, sign, magnitude, relu, signed, scaled, root];
    joined(nodes, parts, layer)
}

/// Softplus, Greater, Where: PyTorch's `Softplus`, which leaves elements over a threshold as they are. With
/// another β than 1, Mul, Softplus, Div, Greater, Where.
fn softplus(build: &Build, nodes: &[Node], place: usize) -> Option<Found> {
    let number = |place: usize| {
        let name = nodes[place].inputs.get(1)?;
        Some(f64::from(float_of(build.constant(name)?)?))
    };
    let input = nodes[place].inputs.first()?;
    let (beta, mut parts, last) = if nodes[place].op_type == "Softplus" {
        (1.0, vec![place], place)
    } else {
        let users = build.users.get(nodes[place].outputs.first()?)?;
        let plus = users.iter().copied();
        let mut plus = plus.filter(|&user| nodes[user].op_type == "Softplus");
        let plus = plus.next_back().filter(|_| users.len() == 2)?;
        let divided = next(build, nodes, plus, "Div")?;
        if number(divided)? != number(place)? {
            return None;
        }
        (number(place)?, vec![place, plus, divided], divided)
    };
    let chosen = next(build, nodes, last, "Where")?;
    let [over, kept, _] = nodes[chosen].inputs.as_slice() else {
        return None;
    };
    let greater = nodes.iter().position(|node| node.outputs.contains(over))?;
    let compared = match parts[..] {
        [_] => input,
        _ => nodes[place].outputs.first()?,
    };
    let fits = nodes[greater].op_type == "Greater"
        && nodes[greater].inputs.first() == Some(compared)
        && build.only_user(over) == Some(chosen)
        && kept == input;
    let threshold = number(greater).filter(|_| fits)?;
    parts.extend([greater, chosen]);
    joined(nodes, parts, Softplus { beta, threshold }.into())
}

/// What is to be said of a convolution into which torch's exporter has folded a batch normalisation:
/// its bias has the name of its weights with `_bias`.
pub(super) fn folded_norm(node: &Node) -> Option<Localized<String>> {
    let [_, weight, bias] = node.inputs.as_slice() else {
        return None;
    };
    (node.op_type.starts_with("Conv") && *bias == format!("{weight}_bias")).then(|| {
        says!(
            en: "a batch normalisation is folded into it: {weight} is not the checkpoint's, but that times γ / √(var + ε)",
            ja: "バッチ正規化が融合されています。{weight} はチェックポイントの値ではなく、それに γ / √(var + ε) を掛けたものです。"
        )
    })
}
