//! The panels by themselves, without a window.

use bevy_egui::egui;

use super::*;
use crate::explore::{Edit, ElementRef, Kind, Parameter, Setup};
use crate::lesson::Language;

/// A window of panels that is clicked and typed into.
struct TestWorkbench {
    context: egui::Context,
    workbench: Workbench,
    interaction: InteractionState,
    network_fields: Vec<Option<ReceptiveField>>,
    language: Language,
    time: f64,
}

impl TestWorkbench {
    fn new(setup: Setup) -> Self {
        Self {
            context: egui::Context::default(),
            workbench: Workbench::new(setup),
            interaction: InteractionState::default(),
            network_fields: Vec::new(),
            language: Language::En,
            time: 0.0,
        }
    }

    /// One frame; what was asked for, and every text that was drawn with its place.
    fn frame(&mut self, events: Vec<egui::Event>) -> (Vec<BenchAction>, Vec<(String, egui::Rect)>) {
        self.time += 0.1;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(
                egui::Pos2::ZERO,
                egui::vec2(1600.0, 1000.0),
            )),
            time: Some(self.time),
            events,
            ..Default::default()
        };
        let mut actions = Actions::default();
        let output = self.context.clone().run_ui(input, |ui| {
            let view = WorkbenchView {
                workbench: &self.workbench,
                interaction: &self.interaction,
                network_fields: self.network_fields.clone(),
                position: 1.4,
                playing: false,
                language: self.language,
                scale: 1.0,
                keys_shown: false,
            };
            workbench_ui(ui.ctx(), &view, &mut actions);
        });
        let mut texts = Vec::new();
        for shape in output.shapes {
            collect(&shape.shape, &mut texts);
        }
        (actions.0, texts)
    }

    /// Clicks in the middle of a text.
    fn click(&mut self, text: &str) -> Vec<BenchAction> {
        self.frame(Vec::new());
        let (_, texts) = self.frame(Vec::new());
        let place = texts
            .iter()
            .find(|(found, _)| found == text)
            .map(|(_, rect)| rect.center());
        let Some(place) = place else {
            panic!("{text} is not drawn; what is: {texts:?}");
        };
        self.click_at(place)
    }

    fn click_at(&mut self, place: egui::Pos2) -> Vec<BenchAction> {
        let button = |pressed| egui::Event::PointerButton {
            pos: place,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        let (mut actions, _) = self.frame(vec![egui::Event::PointerMoved(place)]);
        actions.extend(self.frame(vec![button(true)]).0);
        actions.extend(self.frame(vec![button(false)]).0);
        actions.extend(self.frame(Vec::new()).0);
        actions
    }

    fn says(&mut self, text: &str) -> bool {
        self.frame(Vec::new());
        let (_, texts) = self.frame(Vec::new());
        texts.iter().any(|(found, _)| found.contains(text))
    }
}

fn collect(shape: &egui::Shape, into: &mut Vec<(String, egui::Rect)>) {
    match shape {
        egui::Shape::Text(text) => {
            into.push((text.galley.text().to_owned(), text.visual_bounding_rect()));
        }
        egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, into)),
        _ => {}
    }
}

#[test]
fn facts_follow_the_setup() {
    let mut workbench = TestWorkbench::new(Setup::default());
    assert!(workbench.says("nn.Conv2d(3, 4, 3, bias=False)"));
    assert!(workbench.says("4 × 4 × 4"));
    assert!(workbench.says("108"));
    workbench
        .workbench
        .apply(Edit::Number(Parameter::Filters, 8));
    assert!(workbench.says("216"));
}

#[test]
fn a_problem_is_told_with_what_mends_it_and_a_click_mends_it() {
    let mut workbench = TestWorkbench::new(Setup::default());
    workbench.workbench.apply(Edit::Input([8, 400, 400]));
    assert!(workbench.says("This is not possible"));
    assert!(workbench.says("262144"));
    let offer = workbench.workbench.offers().remove(0);
    let name = words::offer(offer.kind, Language::En);
    let actions = workbench.click(&name);
    assert!(actions.contains(&SetupAction::Edit(Edit::Replace(Box::new(offer.setup))).into()));
}

#[test]
fn buttons_ask_for_what_they_say() {
    let mut workbench = TestWorkbench::new(Setup::default());
    assert!(
        workbench
            .click("⟲")
            .contains(&TransportAction::ToggleLoop.into())
    );
    assert!(
        workbench
            .click("▶|")
            .contains(&TransportAction::Step(true).into())
    );
    assert!(workbench.click("🎬").contains(&KeepAction::Record.into()));
    assert!(
        workbench
            .click("🗁")
            .contains(&WindowAction::ChooseFiles.into())
    );
    assert!(
        workbench
            .click("💾")
            .contains(&KeepAction::SaveLesson.into())
    );
    assert!(
        workbench
            .click("Code")
            .contains(&HandAction::Tab(Tab::Code).into())
    );
    assert!(
        workbench
            .click("日本語")
            .contains(&WindowAction::Language(Language::Ja).into())
    );
    // Nothing to take back yet.
    assert!(workbench.click("↩").is_empty());
    workbench
        .workbench
        .apply(Edit::Number(Parameter::Filters, 8));
    assert!(workbench.click("↩").contains(&SetupAction::Undo.into()));
}

#[test]
fn a_chain_s_facts_tell_what_each_layer_costs() {
    // 4 × 4 × 4 outputs of 27 products, then 2 × 2 of 4 × 9; and both.
    let mut setup = Setup::default();
    setup.layers.push(crate::op::Conv2d::new(1, (3, 3)).into());
    let mut workbench = TestWorkbench::new(setup);
    for text in ["All layers", "1,728", "144", "1,872"] {
        assert!(workbench.says(text), "{text}");
    }
}

#[test]
fn a_layer_of_a_network_tells_how_much_of_the_network_s_input_it_sees() {
    let mut workbench = TestWorkbench::new(Setup::default());
    assert!(!workbench.says("through the network"));
    workbench.network_fields = vec![Some(ReceptiveField {
        size: (99, 83),
        stride: (8.0, 8.0),
        status: crate::network::FieldStatus::Exact,
    })];
    for (language, word) in [
        (Language::En, "through the network"),
        (Language::Ja, "ネットワークの入力で"),
    ] {
        workbench.language = language;
        assert!(workbench.says(word) && workbench.says("99 × 83"), "{word}");
    }
}

/// Every text of the panels, for a layer of a kind.
fn texts_for(kind: Kind) -> Vec<String> {
    let mut setup = Setup::default();
    setup.layers[0] = kind.layer();
    let mut workbench = TestWorkbench::new(setup);
    workbench.frame(Vec::new());
    let (_, texts) = workbench.frame(Vec::new());
    texts.into_iter().map(|(text, _)| text).collect()
}

#[test]
fn a_layer_along_a_line_and_one_that_pads_show_their_numbers() {
    for (kind, names) in [
        (
            Kind::Conv1d,
            &["Kernel", "Stride", "Dilation", "Padding", "←", "→"][..],
        ),
        (
            Kind::Conv3d,
            &[
                "Kernel", "Stride", "Dilation", "Padding", "Front", "Back", "↑", "↓", "←", "→",
            ],
        ),
        (Kind::MaxPool1d, &["Kernel", "Stride", "Padding"]),
        (Kind::ZeroPad1d, &["Padding", "←", "→"]),
        (Kind::ZeroPad2d, &["Padding", "↑", "↓", "←", "→"]),
    ] {
        let texts = texts_for(kind);
        for name in names {
            assert!(texts.iter().any(|text| text == name), "{name}: {texts:?}");
        }
    }
    // One row has the numbers of both axes.
    let kernels = texts_for(Kind::Conv2d);
    let kernels = kernels.iter().filter(|text| *text == "Kernel");
    assert_eq!(kernels.count(), 1);
    // Between the fields of a row stands a sign: of a volume there is one more field.
    let signs = |kind| {
        let texts = texts_for(kind);
        texts.iter().filter(|text| *text == "×").count()
    };
    assert_eq!(
        signs(Kind::AdaptiveAvgPool3d),
        signs(Kind::AdaptiveAvgPool2d) + 1
    );
}

#[test]
fn a_typed_layer_is_asked_for_with_enter() {
    let mut workbench = TestWorkbench::new(Setup::default());
    workbench.click(words::Word::PasteHint.text(Language::En));
    workbench.frame(vec![egui::Event::Paste("nn.ReLU()".to_owned())]);
    let enter = egui::Event::Key {
        key: egui::Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    let (actions, _) = workbench.frame(vec![enter]);
    assert!(
        actions.contains(&SetupAction::Paste("nn.ReLU()".to_owned()).into()),
        "{actions:?}"
    );
}

#[test]
fn what_comes_after_control_v_is_pasted() {
    let key = |key, modifiers| egui::Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    };
    let text = egui::Event::Text("nn.ReLU()".to_owned());
    let by_key = [key(egui::Key::V, egui::Modifiers::COMMAND), text.clone()];
    assert_eq!(pasted(&by_key).as_deref(), Some("nn.ReLU()"));
    let typed = [key(egui::Key::V, egui::Modifiers::NONE), text.clone()];
    assert_eq!(pasted(&typed), None);
    assert_eq!(pasted(&[text]), None);
    let event = egui::Event::Paste("nn.ReLU6()".to_owned());
    assert_eq!(pasted(&[event]).as_deref(), Some("nn.ReLU6()"));
}

#[test]
fn the_inspector_writes_every_term_with_its_running_sum() {
    let mut workbench = TestWorkbench::new(Setup::default());
    workbench.interaction.tab = Tab::Element;
    assert!(workbench.says("Rest the pointer"));
    workbench.interaction.pin(ElementRef::Tensor {
        tensor: 1,
        at: [0, 0, 0],
    });
    assert!(workbench.says("output[0, 0, 0]"));
    assert!(workbench.says("[0,0,0] 0"));
    workbench.interaction.pin(ElementRef::Weight {
        layer: 0,
        at: [0, 0, 0, 0],
    });
    assert!(workbench.says("weight[0, 0, 0, 0]"));
    assert!(workbench.says("difference"));
}

#[test]
fn the_code_marks_the_line_at_work() {
    let mut workbench = TestWorkbench::new(Setup::default());
    workbench.interaction.tab = Tab::Code;
    assert!(workbench.says("for f in range(4):"));
    assert!(
        workbench.says("kernel column"),
        "{:?}",
        workbench.frame(Vec::new()).1
    );
}

#[test]
fn every_kind_is_drawn_in_both_languages_inside_the_window() {
    for language in [Language::En, Language::Ja] {
        for kind in Kind::offered() {
            let setup = Setup {
                input: [4, 6, 6],
                layers: vec![kind.layer()],
                ..Setup::default()
            };
            let mut workbench = TestWorkbench::new(setup);
            workbench.language = language;
            for tab in Tab::ALL {
                workbench.interaction.tab = tab;
                workbench.frame(Vec::new());
                let (actions, texts) = workbench.frame(Vec::new());
                assert!(actions.is_empty(), "{kind:?}: {actions:?}");
                assert!(
                    texts.iter().any(|(text, _)| text == kind.name()),
                    "{kind:?}"
                );
            }
        }
    }
}

#[test]
fn controls_are_reached_by_tab_and_changed_by_arrows() {
    let mut workbench = TestWorkbench::new(Setup::default());
    let key = |key| egui::Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    let mut changed = std::collections::BTreeSet::new();
    workbench.frame(Vec::new());
    for _ in 0..70 {
        workbench.frame(vec![key(egui::Key::Tab)]);
        workbench.frame(Vec::new());
        let focused = workbench.context.memory(|memory| memory.focused());
        let (actions, _) = workbench.frame(vec![key(egui::Key::ArrowRight)]);
        // On a button an arrow leads elsewhere: back, to go on from there.
        if let Some(focused) = focused {
            workbench
                .context
                .memory_mut(|memory| memory.request_focus(focused));
            workbench.frame(Vec::new());
        }
        for action in actions {
            if let BenchAction::Setup(SetupAction::Edit(
                Edit::Number(parameter, _) | Edit::Both(parameter, _),
            )) = action
            {
                changed.insert(parameter);
            }
        }
    }
    for parameter in [
        Parameter::Channels,
        Parameter::Rows,
        Parameter::Filters,
        Parameter::KernelRows,
        Parameter::StrideRows,
        Parameter::DilationRows,
    ] {
        assert!(changed.contains(&parameter), "{parameter:?} of {changed:?}");
    }
}

#[test]
fn padding_of_each_side_stays_within_its_panel_and_pastes_into_pytorch() {
    let mut setup = Setup::default();
    setup.layers[0] = "Conv2d(3, 4, 3, padding=(17, 0, 18, 19), bias=False)"
        .parse()
        .unwrap();
    let mut workbench = TestWorkbench::new(setup);
    assert!(workbench.says("nn.ZeroPad2d((17, 0, 18, 19)),\n    nn.Conv2d(3, 4, 3, bias=False)"));
    let (_, texts) = workbench.frame(Vec::new());
    for number in ["17", "18", "19"] {
        let field = texts.iter().find(|(text, _)| text == number);
        let field = field.map(|(_, rect)| rect.right());
        assert!(
            field.is_some_and(|right| right < MARGIN + LEFT - 40.0),
            "{number}: {field:?}"
        );
    }
}

#[test]
fn a_recording_says_how_far_it_is_and_can_be_stopped() {
    let mut workbench = TestWorkbench::new(Setup::default());
    assert!(!workbench.says("✖"));
    workbench.interaction.recording = Some(34);
    assert!(workbench.says("34 %"));
    assert!(workbench.click("✖").contains(&KeepAction::Cancel.into()));
}

#[test]
fn tab_goes_from_left_to_right_in_every_row() {
    let mut workbench = TestWorkbench::new(Setup::default());
    workbench.frame(Vec::new());
    workbench.frame(Vec::new());
    let mut stops: Vec<egui::Rect> = Vec::new();
    for _ in 0..60 {
        for pressed in [true, false] {
            workbench.frame(vec![egui::Event::Key {
                key: egui::Key::Tab,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: egui::Modifiers::NONE,
            }]);
        }
        let context = &workbench.context;
        let focused = context.memory(|memory| memory.focused());
        let response = focused.and_then(|id| context.read_response(id));
        stops.extend(response.map(|response| response.rect));
    }
    assert!(stops.len() > 40, "{stops:?}");
    for pair in stops.windows(2) {
        let in_one_row = (pair[0].center().y - pair[1].center().y).abs() < 4.0;
        let next = pair[0].left() < pair[1].left();
        assert!(!in_one_row || next, "{pair:?}");
    }
}
