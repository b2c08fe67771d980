//! The credentials of the terminal report, worst first: a table, or a stack where it is narrow.

use super::layout::{Line, columns, hanging, keep_first, keep_last, paint, row, wrap};
use super::text::{BOLD, DIM, band};
use super::verdict::Credential;
use super::words;
use crate::finding::Finding;
use crate::privilege::Certainty;
use anstyle::Style;

/// The narrowest terminal that the columns fit into.
const TABLE: usize = 96;
/// How many places of one credential are listed.
const PLACES: usize = 2;
/// The longest cell in lines.
const LINES: usize = 3;
const HEADINGS: [&str; 5] = [
    "Severity",
    "Credential",
    "Can do",
    "Works in, until",
    "Reached by, where",
];

/// Writes the credentials in the layout that fits.
pub(super) fn write(credentials: &[Credential<'_>], width: usize, page: &mut String) {
    if width < TABLE {
        return stacks(credentials, width, page);
    }
    let widths = widths(credentials, width);
    row(
        &HEADINGS.map(|heading| vec![Line::new(heading, DIM)]),
        &widths,
        page,
    );
    row(
        &widths.map(|width| vec![Line::new("─".repeat(width), DIM)]),
        &widths,
        page,
    );
    for credential in credentials {
        row(&cells(credential, &widths), &widths, page);
    }
}

/// Gives each column what it needs, and shares what is left among the three with long texts.
fn widths(credentials: &[Credential<'_>], width: usize) -> [usize; 5] {
    let widest = |heading: &str, text: &dyn Fn(&Finding) -> usize| {
        credentials
            .iter()
            .map(|credential| text(credential.worst))
            .max()
            .unwrap_or(0)
            .max(columns(heading))
    };
    let works = widest(HEADINGS[3], &|finding| {
        columns(words::environment(finding.environment.value))
            .max(columns(&words::lifetime(finding.lifetime.value)))
    });
    let room = width - HEADINGS.len() * 2 - columns(HEADINGS[0]) - works;
    let name = widest(HEADINGS[1], &|finding| {
        columns(&words::name(finding)).max(columns(&finding.preview))
    })
    .min(room / 3);
    let place = widest(HEADINGS[4], &|finding| {
        columns(&words::place(finding)).max(columns(words::reached_by(finding)))
    })
    .min(room * 7 / 20);
    let uses = widest(HEADINGS[2], &|finding| columns(&uses(finding))).min(room - name - place);
    [columns(HEADINGS[0]), name, uses, works, place]
}

fn cells(credential: &Credential<'_>, widths: &[usize; 5]) -> [Vec<Line>; 5] {
    let finding = credential.worst;
    let [_, name, can, _, place] = *widths;
    let plain = Style::new();
    let short = |text: &str, most: usize, width: usize, style: Style| {
        keep_first(wrap(text, width), most, width)
            .into_iter()
            .map(move |line| Line::new(line, style))
            .collect::<Vec<_>>()
    };
    let severity = finding.severity.band();
    [
        vec![
            Line::new(severity.as_str(), band(severity)),
            Line::new(finding.severity.score.to_string(), plain),
        ],
        [
            short(&words::name(finding), LINES - 1, name, BOLD),
            short(&preview(finding), 1, name, DIM),
        ]
        .concat(),
        short(&uses(finding), LINES, can, plain),
        vec![
            Line::new(words::environment(finding.environment.value), plain),
            Line::new(words::lifetime(finding.lifetime.value), plain),
        ],
        [
            short(words::reached_by(finding), LINES - 1, place, plain),
            places(credential, place),
        ]
        .concat(),
    ]
}

/// Where the credential lies: a path is broken rather than cut, because it is what a reader opens.
fn places(credential: &Credential<'_>, width: usize) -> Vec<Line> {
    let shown = credential
        .places
        .iter()
        .take(PLACES)
        .flat_map(|finding| keep_last(wrap(&words::place(finding), width), LINES));
    let more = credential.places.len().saturating_sub(PLACES);
    let more = (more > 0).then(|| format!("and {more} more"));
    shown
        .chain(more)
        .map(|line| Line::new(line, BOLD))
        .collect()
}

/// What it can do; where the kind is unsure the worst case is named as one.
fn uses(finding: &Finding) -> String {
    let worst_case = if finding.privilege.certainty == Certainty::Unknown {
        "at worst: "
    } else {
        ""
    };
    format!("{worst_case}{}", words::uses(finding, 3))
}

fn preview(finding: &Finding) -> String {
    crate::display::sanitize(&finding.preview).into_owned()
}

fn stacks(credentials: &[Credential<'_>], width: usize, page: &mut String) {
    for (at, credential) in credentials.iter().enumerate() {
        page.push_str(if at == 0 { "" } else { "\n" });
        stack(credential, width, page);
    }
}

/// One credential in a few lines of its own.
fn stack(credential: &Credential<'_>, width: usize, page: &mut String) {
    let finding = credential.worst;
    let severity = finding.severity.band();
    let label = format!("{} {}", severity.as_str(), finding.severity.score);
    let title = [
        paint(&label, band(severity)),
        paint(&words::name(finding), BOLD),
        paint(&preview(finding), DIM),
    ];
    page.push_str(&title.join("  "));
    page.push('\n');
    for place in credential.places.iter().take(PLACES) {
        hanging("  at ", "     ", &words::place(place), width, page);
    }
    if let more @ 1.. = credential.places.len().saturating_sub(PLACES) {
        hanging("     ", "     ", &format!("and {more} more"), width, page);
    }
    let facts = [
        words::within(finding.environment.value).to_owned(),
        words::lifetime(finding.lifetime.value),
        format!("reached by {}", words::reached_by(finding)),
    ];
    hanging(
        "  ",
        "  ",
        &format!("{}; {}", words::can(finding, 3), facts.join("; ")),
        width,
        page,
    );
}
