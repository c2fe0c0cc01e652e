//! How a setup is found again that was on the workbench: a browser's Back is undo, and its Forward is redo.

use super::command::{self, ViewWords};
use super::edit::Edit;
use super::setup::Setup;
use super::workbench::Workbench;

/// Where a setup is looked for first: a change may have been made twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Among those before the present one.
    Back,
    /// Among those that were taken back.
    Forward,
}

impl Workbench {
    /// Whether a setup stands on it, or is to be found by undo or redo.
    #[must_use]
    pub fn knows(&self, setup: &Setup) -> bool {
        let wanted = Wanted::new(setup);
        wanted.is(self.setup()) || self.undos_to(&wanted).or(self.redos_to(&wanted)).is_some()
    }

    /// Goes to a setup, by as many steps of undo or redo as lie between. One that was never on it comes as a
    /// change, which can be taken back too.
    pub fn revisit(&mut self, setup: &Setup, way: Way) {
        self.settle();
        let wanted = Wanted::new(setup);
        if wanted.is(self.setup()) {
            return;
        }
        let (undos, redos) = (self.undos_to(&wanted), self.redos_to(&wanted));
        let (undos, redos) = match (way, undos, redos) {
            (Way::Back, Some(undos), _) | (Way::Forward, Some(undos), None) => (undos, 0),
            (Way::Forward, _, Some(redos)) | (Way::Back, None, Some(redos)) => (0, redos),
            (Way::Back | Way::Forward, None, None) => {
                self.apply(Edit::Replace(Box::new(setup.clone())));
                self.settle();
                return;
            }
        };
        for _ in 0..undos {
            self.undo();
        }
        for _ in 0..redos {
            self.redo();
        }
    }

    fn undos_to(&self, wanted: &Wanted<'_>) -> Option<usize> {
        let place = self.past.iter().rev().position(|setup| wanted.is(setup))?;
        Some(place + 1)
    }

    fn redos_to(&self, wanted: &Wanted<'_>) -> Option<usize> {
        let mut future = self.future.iter().rev();
        Some(future.position(|setup| wanted.is(setup))? + 1)
    }
}

/// A setup that is looked for.
struct Wanted<'a> {
    setup: &'a Setup,
    /// Its words: an address holds no more than these, so that a setup that was read from one may be written
    /// otherwise.
    words: Option<Vec<String>>,
}

impl<'a> Wanted<'a> {
    fn new(setup: &'a Setup) -> Self {
        let words = words(setup);
        Self { setup, words }
    }

    /// Whether a setup is this one. Which of its layers is looked at does not count.
    fn is(&self, setup: &Setup) -> bool {
        let looked_at = Setup {
            selected: self.setup.selected,
            ..setup.clone()
        };
        looked_at == *self.setup || (self.words.is_some() && self.words == words(setup))
    }
}

fn words(setup: &Setup) -> Option<Vec<String>> {
    command::words(setup, &ViewWords::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Kind, Parameter};
    use crate::link::{Link, LinkSubject};

    /// A workbench after some changes, and the setups that stood on it.
    fn changed(filters: &[usize]) -> (Workbench, Vec<Setup>) {
        let mut workbench = Workbench::new(Setup::default());
        let mut setups = vec![workbench.setup().clone()];
        for filters in filters {
            workbench.apply(Edit::Number(Parameter::Filters, *filters));
            workbench.settle();
            setups.push(workbench.setup().clone());
        }
        (workbench, setups)
    }

    #[test]
    fn back_is_undo_and_forward_is_redo() {
        let (mut workbench, setups) = changed(&[6, 7, 8]);
        workbench.revisit(&setups[2], Way::Back);
        assert_eq!(workbench.setup(), &setups[2]);
        assert!(workbench.can_redo());
        // Two at once, as from a browser's list of pages.
        workbench.revisit(&setups[0], Way::Back);
        assert_eq!(workbench.setup(), &setups[0]);
        assert!(!workbench.can_undo());
        workbench.revisit(&setups[3], Way::Forward);
        assert_eq!(workbench.setup(), &setups[3]);
        assert!(!workbench.can_redo());
        for setup in setups.iter().rev().skip(1) {
            workbench.undo();
            assert_eq!(workbench.setup(), setup);
        }
    }

    #[test]
    fn what_was_on_it_twice_is_found_where_one_goes() {
        let (mut workbench, setups) = changed(&[6, 4]);
        assert_eq!(setups[0], setups[2]);
        workbench.revisit(&setups[1], Way::Back);
        workbench.revisit(&setups[2], Way::Forward);
        assert!(workbench.can_undo() && !workbench.can_redo());
        workbench.revisit(&setups[1], Way::Back);
        workbench.revisit(&setups[0], Way::Back);
        assert!(!workbench.can_undo() && workbench.can_redo());
    }

    #[test]
    fn another_setup_is_a_change_that_can_be_taken_back() {
        let (mut workbench, setups) = changed(&[6]);
        let other = Setup {
            layers: vec![Kind::MaxPool2d.layer()],
            ..Setup::default()
        };
        assert!(!workbench.knows(&other));
        workbench.revisit(&other, Way::Forward);
        assert_eq!(workbench.setup(), &other);
        assert!(workbench.knows(&setups[0]) && workbench.knows(&other));
        workbench.undo();
        assert_eq!(workbench.setup(), &setups[1]);
    }

    #[test]
    fn a_setup_is_known_by_its_link_whatever_layer_is_looked_at() {
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::AddLayer(Kind::MaxPool2d));
        workbench.settle();
        let setup = workbench.setup().clone();
        workbench.apply(Edit::Select(0));
        workbench.apply(Edit::Number(Parameter::Filters, 7));
        let link = Link {
            subject: LinkSubject::Workbench {
                setup: Box::new(setup.clone()),
                view: ViewWords::default(),
                pins: Vec::new(),
            },
            ..Link::default()
        };
        let (read, problems) = Link::read(&link.text(), &crate::tensor::read_file);
        assert!(problems.is_empty(), "{problems:?}");
        let LinkSubject::Workbench { setup: read, .. } = read.subject else {
            panic!("{read:?}");
        };
        workbench.revisit(&read, Way::Back);
        assert_eq!(workbench.setup().layers, setup.layers);
        assert!(workbench.can_redo());
    }
}
