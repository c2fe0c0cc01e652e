//! Layers to PyTorch's notation: as source, and as PyTorch prints a model.

use crate::network::Chain;
use crate::op::{Plan, Style};

impl Plan {
    /// The layer as a line of source: `nn.Conv2d(3, 8, 3, stride=2, padding=1)`. The named forms
    /// of a convolution are written as the `Conv2d` that they are.
    #[must_use]
    pub fn source(&self) -> String {
        format!(
            "nn.{}",
            self.layer().call(self.input_shape(), Style::Source)
        )
    }

    /// The layer as PyTorch prints it: `Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))`.
    #[must_use]
    pub fn printed(&self) -> String {
        self.layer().call(self.input_shape(), Style::Printed)
    }
}

impl Chain {
    /// The chain as source, over several lines when it has several layers.
    #[must_use]
    pub fn source(&self) -> String {
        if let [only] = self.plans() {
            return only.source();
        }
        let lines = self
            .plans()
            .iter()
            .map(|plan| format!("    {},\n", plan.source()));
        format!("nn.Sequential(\n{})", lines.collect::<String>())
    }

    /// The chain as PyTorch prints a model.
    #[must_use]
    pub fn printed(&self) -> String {
        if let [only] = self.plans() {
            return only.printed();
        }
        let lines = self.plans().iter().enumerate();
        let lines = lines.map(|(number, plan)| format!("  ({number}): {}\n", plan.printed()));
        format!("Sequential(\n{})", lines.collect::<String>())
    }
}
