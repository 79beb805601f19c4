//! Blocks: paragraphs, headings, lists, tables, callouts, containers, code.
//!
//! Classes that the theme's styles and scripts may rely on: `callout callout-KIND`,
//! `callout-title`; `steps`; `tabs` with `data-group`, `tab`, `tab-title`; `details`; `cards`,
//! `card`, `card-title`; `variant` with `data-variant`, `variant-title`; `for-audience` with
//! `data-audience`, `audience-label`, `only`; `table` around a table; `align-left`, `align-center`,
//! `align-right`; `code` with `data-copy`, `code-title`; `tasks`, `task`, inputs with
//! `data-task`; `heading-link`; `keys`; `ui`, `ui-then`; `external`, `download`, `file-note`;
//! `footnotes`, `footnote-reference`, `footnote-back`; `hl-…` as
//! [`highlight`](crate::markdown::highlight) lists them.

use crate::audience::Visibility;
use crate::markdown::document::*;
use crate::markdown::highlight;
use crate::markdown::html::writer::Writer;

impl Writer<'_> {
    pub fn start_block(&mut self, index: usize, tag: Tag) {
        match tag {
            Tag::Tight => {}
            Tag::Paragraph => {
                self.line();
                self.out.push_str("<p>");
            }
            Tag::Heading(i) => self.start_heading(i as usize),
            Tag::Quote => self.open_line("<blockquote>"),
            Tag::Callout(i) => self.start_callout(index, i as usize),
            Tag::CalloutTitle => {
                let kind = match self.blocks.last() {
                    Some(Tag::Callout(i)) => self.flow.callouts[*i as usize].kind,
                    _ => CalloutKind::Note,
                };
                self.out.push_str("<p class=\"callout-title\">");
                self.icon(callout_icon(kind));
            }
            Tag::List(first) => self.start_list(index, first),
            Tag::Item => self.start_item(index),
            Tag::Table(_) => {
                self.line();
                self.out.push_str("<div class=\"table\" role=\"group\" tabindex=\"0\"");
                self.attribute("aria-label", &self.options.labels.table);
                self.out.push_str("><table>\n");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => self.out.push_str("<tr>"),
            Tag::TableCell(align) => {
                // An empty header says nothing, and a screen reader would announce it.
                let ends = EventKind::End(tag);
                let is_empty = self.flow.events.get(index + 1).is_some_and(|e| e.kind == ends);
                self.in_header = self.in_head && !is_empty;
                self.out.push_str(if self.in_header { "<th scope=\"col\"" } else { "<td" });
                self.out.push_str(match align {
                    Align::None => ">",
                    Align::Left => " class=\"align-left\">",
                    Align::Center => " class=\"align-center\">",
                    Align::Right => " class=\"align-right\">",
                });
            }
            Tag::DefinitionList => self.open_line("<dl>"),
            Tag::Term => {
                self.line();
                self.out.push_str("<dt>");
            }
            Tag::Definition => {
                self.line();
                self.out.push_str("<dd>");
            }
            Tag::Figure => self.start_figure(index),
            Tag::Spots(i) => self.start_spots(i as usize),
            Tag::Spot(i) => self.start_spot(i),
            Tag::Container(i) => self.start_container(index, i as usize),
            Tag::ContainerTitle => self.out.push_str(match self.container() {
                Some(ContainerKind::Details) => "<summary>",
                Some(ContainerKind::Tab) => "<p class=\"tab-title\">",
                Some(ContainerKind::Card) => "<p class=\"card-title\">",
                _ => "<p class=\"variant-title\">",
            }),
            Tag::Footnote(_)
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link(_)
            | Tag::HtmlBlock => {}
        }
        self.blocks.push(tag);
    }

    pub fn end_block(&mut self, tag: Tag) {
        self.blocks.pop();
        match tag {
            Tag::Paragraph => self.out.push_str("</p>\n"),
            Tag::Heading(i) => self.end_heading(i as usize),
            Tag::Quote => self.close_line("</blockquote>"),
            Tag::Callout(_) => self.close_line("</aside>"),
            Tag::CalloutTitle => self.out.push_str("</p>\n"),
            Tag::List(Some(_)) => self.close_line("</ol>"),
            Tag::List(None) => self.close_line("</ul>"),
            Tag::Item => self.out.push_str("</li>\n"),
            Tag::Table(_) => self.out.push_str("</tbody></table></div>\n"),
            Tag::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
            Tag::TableRow => self.out.push_str("</tr>\n"),
            Tag::TableCell(_) => self.out.push_str(if self.in_header { "</th>" } else { "</td>" }),
            Tag::DefinitionList => self.close_line("</dl>"),
            Tag::Term => self.out.push_str("</dt>\n"),
            Tag::Definition => self.out.push_str("</dd>\n"),
            Tag::Figure => self.end_figure(),
            Tag::Spots(i) => self.end_spots(i as usize),
            Tag::Spot(_) => self.out.push_str("</li>\n"),
            Tag::Container(i) => match self.flow.containers[i as usize].kind {
                ContainerKind::Details => self.close_line("</details>"),
                ContainerKind::Own => self.close_line("</aside>"),
                ContainerKind::Tab | ContainerKind::Card | ContainerKind::Variant => {
                    self.close_line("</section>");
                }
                ContainerKind::Steps => {
                    self.steps.pop();
                    self.close_line("</div>");
                }
                _ => self.close_line("</div>"),
            },
            Tag::ContainerTitle => self.out.push_str(match self.container() {
                Some(ContainerKind::Details) => "</summary>\n",
                _ => "</p>\n",
            }),
            Tag::Tight
            | Tag::Footnote(_)
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link(_)
            | Tag::HtmlBlock => {}
        }
    }

    fn open_line(&mut self, tag: &str) {
        self.line();
        self.out.push_str(tag);
        self.out.push('\n');
    }

    fn close_line(&mut self, tag: &str) {
        self.line();
        self.out.push_str(tag);
        self.out.push('\n');
    }

    fn container(&self) -> Option<ContainerKind> {
        match self.blocks.last() {
            Some(Tag::Container(i)) => Some(self.flow.containers[*i as usize].kind),
            _ => None,
        }
    }

    /// The page's title is its only heading of the first level.
    fn start_heading(&mut self, index: usize) {
        let heading = &self.document.headings[index];
        self.line();
        self.out.push_str("<h");
        self.out.push((b'0' + heading.level.clamp(2, 6)) as char);
        self.out.push_str(" id=\"");
        self.text(self.options.id_prefix);
        self.text(&heading.id);
        self.out.push_str("\">");
    }

    fn end_heading(&mut self, index: usize) {
        let heading = &self.document.headings[index];
        self.out.push_str(" <a class=\"heading-link\" id=\"");
        self.text(self.options.id_prefix);
        self.out.push_str("s.");
        self.number(self.section_numbers[index]);
        self.out.push_str("\" href=\"#");
        self.text(self.options.id_prefix);
        self.text(&heading.id);
        self.out.push('"');
        self.attribute("aria-label", &self.options.labels.heading_link);
        self.out.push_str(">#</a></h");
        self.out.push((b'0' + heading.level.clamp(2, 6)) as char);
        self.out.push_str(">\n");
    }

    fn start_callout(&mut self, index: usize, callout: usize) {
        let Callout { kind, visibility, .. } = self.flow.callouts[callout];
        self.line();
        self.out.push_str("<aside role=\"note\" class=\"callout callout-");
        self.out.push_str(callout_name(kind));
        self.audience(visibility);
        self.out.push_str(">\n");
        let titled = matches!(
            self.flow.events.get(index + 1).map(|e| e.kind),
            Some(EventKind::Start(Tag::CalloutTitle))
        );
        if kind != CalloutKind::Admin {
            self.audience_label("p", visibility);
        }
        if !titled {
            self.out.push_str("<p class=\"callout-title\">");
            self.icon(callout_icon(kind));
            let known = if kind == CalloutKind::Unknown { CalloutKind::Note } else { kind };
            let label = self.options.labels.callouts.get(&known);
            self.text(label.map_or(callout_name(known), String::as_str));
            self.out.push_str("</p>\n");
        }
    }

    /// Ends a `class` attribute, with the mark of what is not for everybody.
    pub fn audience(&mut self, visibility: Visibility) {
        let marks = self.options.audiences.marks(visibility);
        if marks.is_empty() {
            return self.out.push('"');
        }
        self.out.push_str(" for-audience\"");
        self.attribute("data-audience", &marks.join(" "));
    }

    /// Says whom a thing is for, in an element of this name; nothing where that is everybody.
    pub fn audience_label(&mut self, element: &str, visibility: Visibility) {
        let labels = &self.options.labels.audiences;
        let marks = self.options.audiences.marks(visibility);
        if marks.is_empty() {
            return;
        }
        let names: Vec<&str> =
            marks.iter().map(|mark| labels.get(*mark).map_or(*mark, String::as_str)).collect();
        self.out.push_str(&format!("<{element} class=\"audience-label\">"));
        self.text(&names.join(", "));
        self.out.push_str(&format!("</{element}>\n"));
    }

    fn start_container(&mut self, index: usize, container: usize) {
        let Container { kind, ref name, visibility, .. } = self.flow.containers[container];
        self.line();
        let (element, class, data) = match kind {
            ContainerKind::Steps => ("div", "steps", ""),
            ContainerKind::Tabs => ("div", "tabs", "data-group"),
            ContainerKind::Tab => ("section", "tab", ""),
            ContainerKind::Details => ("details", "details", ""),
            ContainerKind::Cards => ("div", "cards", ""),
            ContainerKind::Card => ("section", "card", ""),
            ContainerKind::Variant => ("section", "variant", "data-variant"),
            ContainerKind::Only => ("div", "only", ""),
            ContainerKind::Own => ("aside", "own", ""),
        };
        self.out.push('<');
        self.out.push_str(element);
        self.out.push_str(" class=\"");
        self.out.push_str(class);
        self.audience(visibility);
        if !data.is_empty() && !name.is_empty() {
            self.attribute(data, name);
        }
        self.out.push_str(">\n");
        let titled = matches!(
            self.flow.events.get(index + 1).map(|e| e.kind),
            Some(EventKind::Start(Tag::ContainerTitle))
        );
        if kind == ContainerKind::Details && !titled {
            self.out.push_str("<summary>");
            self.text(&self.options.labels.details);
            self.out.push_str("</summary>\n");
        }
        if kind == ContainerKind::Own {
            self.out.push_str("<p class=\"own-label\">");
            self.text(&self.options.labels.own);
            self.out.push_str("</p>\n");
        }
        // A summary must come first in its details.
        if kind != ContainerKind::Details {
            self.audience_label("p", visibility);
        }
        if kind == ContainerKind::Steps {
            self.steps.push(0);
        }
    }

    fn start_list(&mut self, index: usize, first: Option<u32>) {
        self.line();
        let tasks = self.is_task(index + 1);
        let Some(first) = first else {
            return self.open_line(if tasks { "<ul class=\"tasks\">" } else { "<ul>" });
        };
        // What stands between the lists of `steps` does not break their numbers.
        let within_steps = self.container() == Some(ContainerKind::Steps);
        let start = match self.steps.last() {
            Some(&done) if within_steps && done > 0 => done + 1,
            _ => first,
        };
        if within_steps && let Some(done) = self.steps.last_mut() {
            *done = start.saturating_sub(1);
        }
        self.out.push_str("<ol");
        if start != 1 {
            self.out.push_str(" start=\"");
            self.number(start);
            self.out.push('"');
        }
        self.out.push_str(if tasks { " class=\"tasks\">\n" } else { ">\n" });
    }

    fn start_item(&mut self, index: usize) {
        let of_steps = match self.blocks.as_slice() {
            [.., Tag::Container(i), Tag::List(Some(_))] => {
                self.flow.containers[*i as usize].kind == ContainerKind::Steps
            }
            _ => false,
        };
        if of_steps && let Some(done) = self.steps.last_mut() {
            *done = done.saturating_add(1);
        }
        let own = self.document.own_visibility(index);
        match (self.is_task(index), own.is_everybody()) {
            (false, true) => return self.out.push_str("<li>"),
            (true, _) => self.out.push_str("<li class=\"task"),
            (false, false) => self.out.push_str("<li class=\"only"),
        }
        self.audience(own);
        self.out.push('>');
        self.audience_label("span", own);
    }

    /// Whether an item that starts at `index` begins with a box.
    fn is_task(&self, index: usize) -> bool {
        let mut behind = self.flow.events[index..].iter().skip(1).take(2).map(|e| e.kind);
        match behind.next() {
            Some(EventKind::Task { .. }) => true,
            Some(EventKind::Start(Tag::Paragraph | Tag::Tight)) => {
                matches!(behind.next(), Some(EventKind::Task { .. }))
            }
            _ => false,
        }
    }

    /// The id is made of the text, so that a tick stays where it was when others come and go.
    pub fn task(&mut self, index: usize, checked: bool) {
        let events = &self.flow.events[index + 1..];
        let end = events
            .iter()
            .position(|e| {
                matches!(
                    e.kind,
                    EventKind::End(Tag::Item | Tag::Paragraph | Tag::Tight)
                        | EventKind::Start(Tag::List(_))
                )
            })
            .unwrap_or(events.len());
        let label = self.document.plain_in(index + 1..index + 1 + end);
        self.tasks += 1;
        let hash = blake3::hash(label.trim().as_bytes()).to_hex();
        self.out.push_str("<input type=\"checkbox\"");
        self.attribute("id", &format!("{}task-{}", self.options.id_prefix, self.tasks));
        self.attribute("data-task", &hash.as_str()[..12]);
        self.attribute("aria-label", label.trim());
        self.out.push_str(if checked { " checked> " } else { "> " });
    }

    pub fn code_block(&mut self, index: usize) {
        let code = &self.flow.code_blocks[index];
        self.line();
        self.out.push_str("<div class=\"code\"");
        self.attribute("data-copy", &self.options.labels.copy);
        self.out.push('>');
        if !code.title.is_empty() {
            self.out.push_str("<p class=\"code-title\">");
            self.text(&code.title);
            self.out.push_str("</p>");
        }
        self.out.push_str("<pre tabindex=\"0\"><code");
        if !code.language.is_empty() {
            self.out.push_str(" class=\"language-");
            self.text(&code.language);
            self.out.push('"');
        }
        self.out.push('>');
        highlight::push_highlighted(&mut self.out, &code.language, self.flow.str(code.text));
        self.out.push_str("</code></pre></div>\n");
    }
}

fn callout_name(kind: CalloutKind) -> &'static str {
    match kind {
        CalloutKind::Note | CalloutKind::Unknown => "note",
        CalloutKind::Tip => "tip",
        CalloutKind::Important => "important",
        CalloutKind::Warning => "warning",
        CalloutKind::Caution => "caution",
        CalloutKind::Admin => "admin",
    }
}

fn callout_icon(kind: CalloutKind) -> &'static str {
    match kind {
        CalloutKind::Note | CalloutKind::Unknown => "info",
        CalloutKind::Tip => "lightbulb",
        CalloutKind::Important => "message-square-warning",
        CalloutKind::Warning => "triangle-alert",
        CalloutKind::Caution => "octagon-alert",
        CalloutKind::Admin => "shield-check",
    }
}
