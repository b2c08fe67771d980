//! Fly.io tokens: `FlyV1 ` and a list, separated by commas, of `fm2_` (`fm1r_`, `fm1a_`) and base 64 of
//! a `MessagePack` macaroon. The caveats are plain: organisation and apps with an action mask (read 1,
//! write 2, create 4, delete 8, control 16), machines, volumes, a validity window, third parties.
//!
//! Source: superfly/macaroon, `caveat.go`, `resset/action.go` and `flyio/caveats.md`. Status: read, but
//! the numbers of the caveat types are known only, so each must have the shape of its type as well; any
//! other is skipped. "A token with no caveats is all powerful."

use super::msgpack::{self, Value};
use super::words::shown;
use super::{Reading, Subject, builder, radix};
use crate::lifetime::UnixSeconds;
use crate::privilege::{Breadth, Capability as C, Certainty};

const ORGANIZATION: i64 = 0;
const VOLUMES: i64 = 2;
const APPS: i64 = 3;
const VALIDITY_WINDOW: i64 = 4;
const MACHINES: i64 = 7;
const THIRD_PARTY: i64 = 11;

const EVERY_ACTION: i64 = 0xffff;

/// One macaroon of the list.
struct Token {
    location: String,
    organization: Option<i64>,
    apps: Option<Vec<String>>,
    objects: bool,
    actions: i64,
    end: Option<UnixSeconds>,
    needs_discharge: bool,
}

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let text = subject
        .secret
        .strip_prefix(b"FlyV1 ")
        .unwrap_or(subject.secret);
    let tokens: Vec<Token> = text.split(|&byte| byte == b',').filter_map(token).collect();
    // The macaroons of third parties only discharge a caveat of the others.
    let (discharges, grants): (Vec<_>, Vec<_>) = tokens
        .iter()
        .partition(|token| token.location.contains("auth"));
    if grants.is_empty() {
        return Reading::default();
    }
    let discharged_until = discharges.iter().filter_map(|token| token.end).max();
    let ends = grants.iter().map(|token| {
        token
            .end
            .into_iter()
            .chain(discharged_until.filter(|_| token.needs_discharge))
            .min()
    });
    // Any one that allows is enough: the last one to end decides, and one without an end has none.
    let end = ends
        .collect::<Option<Vec<_>>>()
        .and_then(|ends| ends.into_iter().max());
    let actions = grants
        .iter()
        .fold(0, |actions, token| actions | token.actions);
    let breadth = grants
        .iter()
        .map(|token| token.breadth())
        .min()
        .unwrap_or_default();
    let mut reading = Reading::well_formed("a whole macaroon")
        .able_to(&capabilities(actions), Certainty::Certain)
        .within(breadth);
    for token in grants.iter().take(4) {
        reading = token.described(reading, discharges.is_empty());
    }
    match end {
        Some(end) => reading.expiring(end, subject.now, builder::until("its validity window", end)),
        None => reading,
    }
}

fn capabilities(actions: i64) -> Vec<C> {
    let granted: [(i64, &[C]); 5] = [
        (1, &[C::ReadData]),
        (2, &[C::WriteData, C::RunCode]),
        (4, &[C::WriteData]),
        (8, &[C::DeleteInfrastructure, C::DeleteData]),
        (16, &[C::RunCode, C::ReadSecrets]),
    ];
    granted
        .into_iter()
        .filter(|(bit, _)| actions & bit != 0)
        .flat_map(|(_, list)| list.iter().copied())
        .collect()
}

impl Token {
    fn breadth(&self) -> Breadth {
        match self {
            Self { objects: true, .. } => Breadth::Object,
            Self { apps: Some(_), .. } => Breadth::Project,
            Self {
                organization: Some(_),
                ..
            } => Breadth::Organization,
            _ => Breadth::Account,
        }
    }

    fn described(&self, mut reading: Reading, alone: bool) -> Reading {
        let bound = match (self.organization, &self.apps) {
            (Some(organization), Some(apps)) => format!(
                "organisation {organization}, apps {}",
                shown(&apps.join(", "))
            ),
            (Some(organization), None) => format!("organisation {organization}, all its apps"),
            (None, Some(apps)) => format!("apps {}", shown(&apps.join(", "))),
            (None, None) => {
                "no caveat binds it to an organisation: it reaches everything of its user"
                    .to_owned()
            }
        };
        reading = reading.noting(bound);
        if self.actions & 0x1f == 1 {
            reading = reading.noting("its action mask only reads");
        }
        if self.needs_discharge && alone {
            reading = reading.noting("needs a discharge token of a third party beside it");
        }
        reading
    }

    /// Adds a caveat, where it has the shape of its type.
    fn narrow(&mut self, kind: i64, body: &[Value]) {
        let numbers = || Some((body.first()?.number()?, body.get(1)?.number()?));
        match kind {
            ORGANIZATION => {
                if let Some((organization, mask)) =
                    numbers().filter(|(_, mask)| (0..=EVERY_ACTION).contains(mask))
                {
                    self.organization = Some(organization);
                    self.actions &= mask;
                }
            }
            APPS | MACHINES | VOLUMES => {
                let entries = body.first().map(Value::map).unwrap_or_default();
                let masks: Option<Vec<i64>> = entries
                    .iter()
                    .map(|(_, mask)| {
                        mask.number()
                            .filter(|mask| (0..=EVERY_ACTION).contains(mask))
                    })
                    .collect();
                let Some(masks) = masks.filter(|masks| !masks.is_empty()) else {
                    return;
                };
                self.actions &= masks.into_iter().fold(0, |any, mask| any | mask);
                if kind == APPS {
                    self.apps = Some(
                        entries
                            .iter()
                            .filter_map(|(name, _)| name_of(name))
                            .collect(),
                    );
                } else {
                    self.objects = true;
                }
            }
            VALIDITY_WINDOW => {
                let end = numbers()
                    .filter(|(start, end)| start < end && *end > 1_500_000_000)
                    .map(|(_, end)| end);
                self.end = self.end.into_iter().chain(end).min();
            }
            THIRD_PARTY => self.needs_discharge = true,
            _ => {}
        }
    }
}

fn name_of(value: &Value) -> Option<String> {
    value
        .number()
        .map(|number| number.to_string())
        .or_else(|| value.text().map(str::to_owned))
}

/// Reads one macaroon: nonce, location, caveats as `type, body, type, body ...`, signature.
fn token(text: &[u8]) -> Option<Token> {
    let text = text.trim_ascii();
    let body = ["fm2_", "fm1r_", "fm1a_"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix.as_bytes()))?;
    let parsed = msgpack::parse(&radix::base64(body)?)?;
    let [_nonce, location, caveats, _signature] = parsed.list() else {
        return None;
    };
    let mut token = Token {
        location: location.text()?.to_owned(),
        organization: None,
        apps: None,
        objects: false,
        actions: EVERY_ACTION,
        end: None,
        needs_discharge: false,
    };
    for pair in caveats.list().chunks_exact(2) {
        if let [kind, body] = pair {
            token.narrow(kind.number()?, body.list());
        }
    }
    Some(token)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, noise, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn text(text: &str) -> Vec<u8> {
        [
            &[0xd9, u8::try_from(text.len()).expect("it is short")],
            text.as_bytes(),
        ]
        .concat()
    }

    fn number(number: i64) -> Vec<u8> {
        [&[0xcf][..], &number.to_be_bytes()].concat()
    }

    /// Caveats are pairs of a type and the fields of the body.
    fn made(location: &str, caveats: &[(u8, Vec<Vec<u8>>)]) -> String {
        let list = |count: usize| vec![0x90 | u8::try_from(count).expect("it is small")];
        let pairs: Vec<u8> = caveats
            .iter()
            .flat_map(|(kind, body)| [vec![*kind], list(body.len()), body.concat()].concat())
            .collect();
        let parts = [
            list(4),
            list(0),
            text(location),
            list(caveats.len() * 2),
            pairs,
            text("tail"),
        ];
        format!("fm{}_{}", 2, data_encoding::BASE64.encode(&parts.concat()))
    }

    fn entry(id: i64, mask: i64) -> Vec<u8> {
        [vec![0x81], number(id), number(mask)].concat()
    }

    fn read(tokens: &[String]) -> Reading {
        inspect(&subject(format!("FlyV1 {}", tokens.join(",")).as_bytes()))
    }

    #[test]
    fn without_caveats_it_is_all_powerful() {
        let reading = read(&[made("https://api.fly.io/v1", &[])]);
        assert!(
            reading
                .capabilities
                .is_some_and(|set| set.contains(C::DeleteInfrastructure))
        );
        assert_eq!(reading.breadth, Some(Breadth::Account));
        assert_eq!(validity(reading), Some(Validity::WellFormed));
    }

    #[test]
    fn caveats_narrow_it() {
        let organization = (0, vec![number(123), number(EVERY_ACTION)]);
        let apps = (3, vec![entry(77, 1)]);
        let unknown = (99, vec![text("new")]);
        let reading = read(&[made(
            "https://api.fly.io/v1",
            &[organization, unknown, apps],
        )]);
        assert_eq!(
            reading.capabilities,
            Some([C::ReadData].into_iter().collect())
        );
        assert_eq!(reading.breadth, Some(Breadth::Project));
        assert!(
            sentences(&reading).contains("organisation 123, apps 77"),
            "{reading:?}"
        );
    }

    #[test]
    fn the_window_of_a_discharge_counts_where_one_is_needed() {
        let window = |end| (4, vec![number(NOW - 100), number(end)]);
        let third = (11, vec![text("https://auth.fly.io/v1")]);
        let grant = made("https://api.fly.io/v1", &[window(NOW + 500), third]);
        assert!(sentences(&read(std::slice::from_ref(&grant))).contains("needs a discharge"));
        let reading = read(&[grant, made("https://auth.fly.io/v1", &[window(NOW - 5)])]);
        assert_eq!(validity(reading), Some(Validity::Expired));
    }

    #[test]
    fn noise_says_nothing() {
        let noise = data_encoding::BASE64.encode(&noise(1, 200));
        assert_eq!(read(&[format!("fm{}_{noise}", 2)]), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
