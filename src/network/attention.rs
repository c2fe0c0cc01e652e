//! Scaled dot-product attention as nodes of a graph: scores, their softmax row by row, and the mean of
//! the values by these shares.
//!
//! Sources: A. Vaswani et al., "Attention is all you need" (2017), section 3.2;
//! <https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html>.

use crate::language::Message;
use crate::op::{Add, LayerError, MatMul, Mul, Softmax};
use crate::says;
use crate::tensor::{Shape, Tensor, TensorError};

use super::graph::{GraphBuilder, GraphError, Origin, ValueId};

/// What an attention is asked for besides its queries, keys and values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Attention {
    /// What is added to the scores: −∞ where a query must not look.
    pub mask: Option<ValueId>,
    /// Whether each query looks at keys up to its own number only.
    pub is_causal: bool,
    /// What the scores are multiplied by; without it, one over the root of a query's length.
    pub scale: Option<f64>,
}

impl Attention {
    /// Adds the nodes: `softmax(q · kᵀ · scale + mask) · v`. Queries are `… × L × E`, keys `… × S × E`,
    /// values `… × S × V`; gives `… × L × V`. The nodes are named after `name`: `name.scores`,
    /// `name.scaled`, `name.masked`, `name.shares`, and `name` itself.
    ///
    /// # Errors
    /// When the shapes do not go together, and as PyTorch when there are a mask and `is_causal`.
    pub fn build(
        self,
        builder: &mut GraphBuilder,
        name: &str,
        [query, key, value]: [ValueId; 3],
        origin: &Origin,
    ) -> Result<ValueId, GraphError> {
        let part = |part: &str| format!("{name}.{part}");
        let refused = |why| GraphError::Layer {
            node: name.to_owned(),
            operator: origin.operator.clone(),
            line: origin.line,
            why: Box::new(LayerError::Unfit {
                layer: "Attention",
                why,
            }),
        };
        let product = MatMul {
            transpose_other: true,
            ..MatMul::default()
        };
        let scores = builder.node(part("scores"), product, &[query, key], &[], origin.clone())?;
        let length = builder.shape(query).map_or(1, Shape::width);
        let scale = self.scale.unwrap_or_else(|| 1.0 / (length as f64).sqrt());
        let factor = Tensor::new(Shape::SCALAR, vec![scale as f32]);
        let factor = factor.map_err(|why| refused(why.message()))?;
        let factor = builder.constant(part("scale"), factor);
        let mut scores = builder.node(
            part("scaled"),
            Mul::default(),
            &[scores, factor],
            &[],
            origin.clone(),
        )?;
        if self.mask.is_some() && self.is_causal {
            return Err(refused(says!(
                en: "it has a mask and is_causal=True; give one of them",
                ja: "マスクと is_causal=True の両方があります。どちらかひとつにしてください。"
            )));
        }
        let mask = match self.mask {
            Some(mask) => Some(mask),
            None if self.is_causal => {
                let shape = builder.shape(scores).map_or(&[][..], Shape::axes);
                let &[.., rows, columns] = shape else {
                    return Err(refused(says!(
                        en: "queries and keys need an axis of their numbers before the last",
                        ja: "クエリとキーには、最後の軸の前に番号の軸が要ります。"
                    )));
                };
                let mask = causal_mask(rows, columns).map_err(|why| refused(why.message()))?;
                Some(builder.constant(part("mask"), mask))
            }
            None => None,
        };
        if let Some(mask) = mask {
            scores = builder.node(
                part("masked"),
                Add::default(),
                &[scores, mask],
                &[],
                origin.clone(),
            )?;
        }
        let shares = builder.node(
            part("shares"),
            Softmax::along(-1),
            &[scores],
            &[],
            origin.clone(),
        )?;
        builder.node(
            name,
            MatMul::default(),
            &[shares, value],
            &[],
            origin.clone(),
        )
    }
}

/// 0 where a query may look at a key, −∞ where the key comes behind it.
fn causal_mask(rows: usize, columns: usize) -> Result<Tensor, TensorError> {
    let mut numbers = vec![0.0; rows * columns];
    for (row, numbers) in numbers.chunks_exact_mut(columns).enumerate() {
        for number in numbers.iter_mut().skip(row + 1) {
            *number = f32::NEG_INFINITY;
        }
    }
    let shape = Shape::new(&[rows, columns]).unwrap_or(Shape::SCALAR);
    Tensor::new(shape, numbers)
}
