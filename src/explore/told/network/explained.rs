//! What a tour has explained already, and need not explain again.

use std::collections::HashSet;

use super::stages::{inner_block, inner_layer};
use crate::explore::told::transformer::block_of;
use crate::explore::told::what;
use crate::network::map::{Body, RunNetwork, Unit, UnitKind};

/// Stands for a way round with a layer of its own among what has been explained.
pub(super) const PROJECTED: &str = "projected";

/// Stands for squeeze-and-excite within blocks among what has been explained.
pub(super) const GATED: &str = "gated";

/// Stands for what filters behind others read among what has been explained.
pub(super) const READS: &str = "reads";

/// What has been explained already.
#[derive(Default)]
pub(super) struct Told(HashSet<String>);

impl Told {
    /// What tells one sort of stage from another.
    fn key(run: &RunNetwork, unit: &Unit) -> String {
        if block_of(unit).is_some() {
            return "transformer".to_owned();
        }
        let sort = inner_block(unit).unwrap_or(inner_layer(unit));
        match sort.kind {
            UnitKind::Layer(family) => {
                let main = sort.nodes.get(sort.main(&run.graph));
                let node = main.and_then(|&node| run.graph.nodes().get(node));
                let name = node
                    .and_then(|node| node.plan())
                    .map(|plan| what::name(plan).en);
                format!("{family:?} {}", name.unwrap_or_default())
            }
            UnitKind::Branches(_) => "branches".to_owned(),
            kind => format!("{kind:?}"),
        }
    }

    /// Whether no stage of the same sort has been told.
    pub(super) fn is_new(&self, run: &RunNetwork, unit: &Unit) -> bool {
        !self.knows(&Self::key(run, unit))
    }

    /// Whether something has been explained, by what stands for it here.
    pub(super) fn knows(&self, what: &str) -> bool {
        self.0.contains(what)
    }

    /// Notes that something has been explained, by what stands for it here.
    pub(super) fn explain(&mut self, what: impl Into<String>) {
        self.0.insert(what.into());
    }

    /// Notes that a stage has been told, and what goes without saying with it.
    pub(super) fn note(&mut self, run: &RunNetwork, unit: &Unit) {
        self.explain(Self::key(run, unit));
        // Without the sum it is no news.
        let block = inner_block(unit).map(|block| block.kind);
        if let Some(UnitKind::Residual {
            body: Body::Inverted,
            ..
        }) = block
        {
            self.explain(format!("{:?}", UnitKind::Inverted));
        }
    }
}
