"""The way through an HTML text: one iterative walk over lexbor's tree, node by node."""

from selectolax.lexbor import LexborNode

from gateway.parsing.html_context import SILENT, START, Context, Contexts, turns_letters
from gateway.parsing.html_found import (
    BLOCKS,
    BREAK,
    FIELDS,
    HEADINGS,
    SPECIAL,
    TURN,
    TURN_END,
    UNSEEN,
    Attributes,
    Found,
    close_turn,
)


def walk_tree(root: LexborNode, rules: dict[str, str], found: Found, has_pre: bool) -> None:
    """Walk the tree below `root`, depth first, without recursion. `rules` are the style sheets'."""
    node: LexborNode | None = root.first_child
    # what to go back to, and what is written when its inside is done
    stack: list[tuple[str, LexborNode, Context, list[str], bool, int, int, int]] = []
    context = START
    out = found.visible
    hides = letter_before = False  # the latter: whether the visible text ends with a letter of an open word
    split_words = 0
    blocks, special, link_texts = BLOCKS, SPECIAL, found.link_texts
    contexts = Contexts(rules)
    silent = SILENT.issuperset
    link = heading = form = -1
    while True:
        while node is None:
            if not stack:
                found.split_words = split_words
                return
            closing, node, context, outer, hides, link, heading, form = stack.pop()
            if closing is BREAK:
                out.append(closing)
                letter_before = False
            elif closing:
                letter_before = letter_before and not close_turn(out)
            out = outer
            node = node.next
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            if text:
                if has_pre and "\n" in text and _is_preformatted(node):
                    text = text.replace("\n", BREAK)
                if not hides:
                    if letter_before and text[0].isalnum():
                        split_words += 1
                    letter_before = text[-1].isalnum()
                    if heading >= 0:
                        found.headings[heading].append(text)
                if link >= 0:
                    link_texts[link].append(text)
                out.append(text)
            node = node.next
            continue
        if tag == "br":
            out.append(BREAK)
            letter_before = False
            node = node.next
            continue
        child = node.first_child
        attributes = node.attributes
        if not attributes and tag not in special and tag not in rules:
            closing = ""
            if tag in blocks:
                closing = BREAK
                out.append(closing)
                letter_before = False
            if child is not None:
                stack.append((closing, node, context, out, hides, link, heading, form))
                node = child
            else:
                node = node.next
            continue
        if tag in UNSEEN or tag == "-comment":
            _take_unseen(node, tag, attributes, found)
            node = node.next
            continue
        back = (node, context, out, hides, link, heading, form)
        closing = ""
        if tag in rules or not silent(attributes):
            context = contexts.inside(tag, attributes, context)
            hides = context.hides
            out = found.hidden if hides else found.quoted if context.quoted else found.visible
        if tag in special:
            if tag == "a" or tag == "area":
                link = found.take_link(attributes, hides, context.quoted, out) if "href" in attributes else link
            elif tag == "img" or (tag == "input" and attributes.get("type") == "image"):
                found.take_image(attributes, hides, link)
            elif tag in HEADINGS:
                heading = heading if hides else found.take_heading(heading)
            elif tag == "form":
                form = found.take_form(attributes)
            elif tag in FIELDS:
                found.take_field(tag, attributes, hides, form, out)
        if tag in blocks:
            closing = BREAK
            out.append(closing)
            letter_before = False
        elif child is not None and attributes and turns_letters(tag, attributes):
            closing = TURN_END
            out.append(TURN)
        if child is not None:
            stack.append((closing, *back))
            node = child
        else:
            _, context, out, hides, link, heading, form = back
            node = node.next


def _take_unseen(node: LexborNode, tag: str, attributes: Attributes, found: Found) -> None:
    if tag == "script":
        found.scripts += 1
    elif tag == "-comment":
        found.take_comment(node.comment_content or "")
    elif tag == "iframe":
        found.take_frame(attributes.get("src"))


def _is_preformatted(node: LexborNode) -> bool:
    """Whether line ends count where this text stands (three elements up are looked at)."""
    parent = node.parent
    for _ in range(3):
        if parent is None:
            return False
        if parent.tag in ("pre", "textarea", "listing", "xmp"):
            return True
        parent = parent.parent
    return False
