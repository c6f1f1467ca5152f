//! The texts, in French and English. Nothing that a person reads stands in the code: it is a Fluent message, under the
//! same id in `app/i18n/fr/app.ftl` and `app/i18n/en/app.ftl`.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::{borrow::Cow, rc::Rc};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

impl Lang {
    /// Both, in display order.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// Its tag (BCP 47), as in `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The tag that dates and numbers are written by: 24-hour clock, day before month.
    #[must_use]
    pub fn locale(self) -> &'static str {
        match self {
            Self::Fr => "fr-FR",
            Self::En => "en-GB",
        }
    }

    /// The language that a tag such as `en-US` stands for, if it is one of ours.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    fn source(self) -> &'static str {
        match self {
            Self::Fr => include_str!("../i18n/fr/app.ftl"),
            Self::En => include_str!("../i18n/en/app.ftl"),
        }
    }
}

/// The texts of one language. Cheap to clone; equal when the language is.
#[derive(Clone)]
pub struct I18n {
    lang: Lang,
    bundle: Rc<FluentBundle<FluentResource>>,
}

impl PartialEq for I18n {
    fn eq(&self, other: &Self) -> bool {
        self.lang == other.lang
    }
}

impl I18n {
    /// Reads the texts of a language. A message that is malformed is left out; a test makes sure that none is.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let id = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![id]);
        // Isolation marks are for mixed writing directions, which neither language has; they would break copy and paste.
        bundle.set_use_isolating(false);
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(lang.source().to_owned());
        bundle.add_resource_overriding(resource);
        Self { lang, bundle: Rc::new(bundle) }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of a message without arguments.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The text of a message with arguments; a number is passed as such, so that plurals are right.
    #[must_use]
    pub fn ta(&self, id: &str, args: &[(&str, Arg)]) -> String {
        let args = args
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.0.clone()))
            .collect::<FluentArgs<'_>>();
        self.format(id, Some(&args))
    }

    /// A number with the decimals that it has and no more, ungrouped: as it is typed into a field.
    #[must_use]
    pub fn exact(&self, value: f32) -> String {
        let plain = value.to_string();
        match self.lang {
            Lang::Fr => plain.replace('.', ","),
            Lang::En => plain,
        }
    }

    /// A number with this many decimals, as the language writes it.
    #[must_use]
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (group, point) = match self.lang {
            Lang::Fr => ("\u{202f}", ","),
            Lang::En => (",", "."),
        };
        let digits = whole.len();
        let mut text = if value < 0.0 { "−".to_owned() } else { String::new() };
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (digits - index).is_multiple_of(3) {
                text.push_str(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(point);
            text.push_str(fraction);
        }
        text
    }

    fn format(&self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|m| m.value()) else {
            return id.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}

/// An argument of a message.
#[derive(Clone, Debug)]
pub struct Arg(FluentValue<'static>);

impl Arg {
    /// A text that may be a number, as notices carry them.
    #[must_use]
    pub fn guess(text: &str) -> Self {
        match FluentValue::try_number(text) {
            FluentValue::Number(number) => Self(FluentValue::Number(number)),
            _ => text.into(),
        }
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self(text.to_owned().into())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self(number.into())
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self(number.into())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

#[cfg(test)]
#[path = "i18n_tests.rs"]
mod tests;
