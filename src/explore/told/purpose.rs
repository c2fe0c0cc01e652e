//! What a layer is for among the others: what its filters read, what the next stage makes of its numbers, and how much
//! of the input one of them depends on.

use super::network::NetworkTour;
use super::number::by;
use crate::language::Localized;
use crate::network::FieldStatus;
use crate::network::map::Unit;
use crate::op::Geometry;
use crate::says;

impl NetworkTour<'_> {
    /// What the filters of a convolution read, where other filters have made that.
    pub(super) fn reads_maps(&self, unit: &Unit) -> Option<Localized<String>> {
        let plan = self.plan(unit)?;
        let Geometry::Convolution(convolution) = plan.geometry() else {
            return None;
        };
        let [_, rows, columns] = &convolution.axes;
        let channels = convolution.channels;
        let mixes = convolution.groups == 1 && channels > 1 && rows.kernel * columns.kernel > 1;
        (mixes && plan.input_shape().rank() == 3).then(|| {
            says!(
                en: "Each of its filters reads all {channels} maps before it. So it finds patterns across them.",
                ja: "フィルタはどれも、前の{channels}枚のマップをすべて読み、組み合わせを探します。"
            )
        })
    }

    /// What the next stage does with the channels of a layer, where it lays them out as pixels.
    pub(super) fn becomes_pixels(&self, unit: &Unit) -> Option<Localized<String>> {
        let mut units = self.run.map.units.iter();
        let next = units.find(|next| next.inputs == [unit.output])?;
        let Geometry::Shuffle(shuffle) = self.plan(next)?.geometry() else {
            return None;
        };
        let shape = self.sample_shape(unit)?;
        let (channels, factor) = (shape.channels(), shuffle.factor);
        (!shuffle.inverse && shape.rank() == 3).then(|| {
            says!(
                en: "At each place it makes {channels} numbers. The next stage lays them out as {factor} by {factor} pixels.",
                ja: "場所ごとに作る{channels}個の数を、次の段階で{factor}×{factor}の画素に並べます。"
            )
        })
    }

    /// How much of the input a number depends on, told of the last stage whose windows make smaller maps. Of the first
    /// stage it is the window, which is told already.
    pub(super) fn field_of(&self, unit: &Unit) -> Option<Localized<String>> {
        let input = self
            .run
            .graph
            .sample_shape(*self.run.graph.inputs().first()?)?;
        let is_smaller = |unit: &Unit| {
            let shape = self.sample_shape(unit).filter(|shape| shape.rank() == 3);
            shape.is_some_and(|shape| shape.height() > 1 && shape.height() < input.height())
        };
        let mut units = self.run.map.units.iter();
        let last = units.rfind(|unit| self.makes_planes(unit))?;
        let is_first = self
            .run
            .map
            .units
            .first()
            .is_some_and(|first| first.name == unit.name);
        if last.name != unit.name || is_first || !is_smaller(unit) || input.rank() != 3 {
            return None;
        }
        let field = self.run.field(unit.output)?;
        let is_known = matches!(field.status, FieldStatus::Exact | FieldStatus::UpperBound);
        let (rows, columns) = field.size;
        let size = [usize::try_from(rows).ok()?, usize::try_from(columns).ok()?];
        // A larger one reaches over the edges of the input, and says little.
        if !is_known || size[0] >= input.height() || size[1] >= input.width() {
            return None;
        }
        let size = by(&size);
        Some(says!(
            with [size];
            en: "By now, each number depends on {size} places of the input.",
            ja: "ここまで来ると、数ひとつが、入力の{size}の範囲で決まります。"
        ))
    }
}
