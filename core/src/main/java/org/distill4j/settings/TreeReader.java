package org.distill4j.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 from the parser's events, so that depth and size are bounded before anything is
 * built. Aliases count as what they stand for; tags are refused, for a recipe's keys say what their
 * values are.
 */
final class TreeReader {
  /** Deeper nesting is no recipe; the bound also keeps every recursion over a tree short. */
  static final int DEPTH = 64;

  /** Values in one text, an alias counting as all values that it stands for. */
  static final int VALUES = 10_000;

  private final Place start;
  private final Faults faults;
  private final Map<Anchor, Tree> anchored = new HashMap<>();
  private final Iterator<Event> events;
  private int values;

  private TreeReader(String text, Place start, Faults faults) {
    this.start = start;
    this.faults = faults;
    LoadSettings settings = LoadSettings.builder().setParseComments(false).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Reads one value; faults that leave the rest readable are added.
   *
   * @return nothing if the text holds no value at all
   * @throws Unreadable if it is no YAML, more than one value, or beyond the bounds
   */
  static Optional<Tree> read(String text, Place start, Faults faults) throws Unreadable {
    TreeReader reader = new TreeReader(text, start, faults);
    try {
      return reader.document();
    } catch (ReaderException e) {
      throw new Unreadable(
          start,
          String.format(
              Locale.ROOT,
              "not YAML: the character U+%04X (expected: text in UTF-8)",
              e.getCodePoint()));
    } catch (MarkedYamlEngineException e) {
      Place place = reader.place(e.getProblemMark().or(e::getContextMark));
      String problem = e.getProblem() == null ? "unknown problem" : e.getProblem();
      throw new Unreadable(place, wording(problem, e.getContext()));
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw new Unreadable(
          start, "not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    }
  }

  private static String wording(String problem, String context) {
    if (problem.contains("TAB") || problem.contains("'\\t'")) {
      return "a tab (expected: spaces)";
    }
    String line = problem.replaceAll("\\s+", " ");
    return "not YAML: " + (context == null ? line : line + ", " + context.replaceAll("\\s+", " "));
  }

  private Optional<Tree> document() throws Unreadable {
    Tree root = null;
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent node) {
        if (root != null) {
          throw new Unreadable(place(event), "a second document (expected: one)");
        }
        root = tree(node, 1);
      }
    }
    return Optional.ofNullable(root);
  }

  private Tree tree(NodeEvent event, int depth) throws Unreadable {
    if (event instanceof AliasEvent alias) {
      Tree tree = anchored.get(alias.getAlias());
      if (tree == null) {
        throw new Unreadable(
            place(event), "*" + alias.getAlias() + " (expected: an anchor that ends before it)");
      }
      count(tree, depth, place(event));
      return tree;
    }
    Place place = place(event);
    bound(depth, place);
    Tree tree;
    if (event instanceof ScalarEvent scalar) {
      refuse(scalar.getTag(), place);
      tree = new Tree.Scalar(scalar.getValue(), scalar.isPlain(), place);
    } else {
      refuse(((CollectionStartEvent) event).getTag(), place);
      tree =
          event instanceof SequenceStartEvent
              ? new Tree.Sequence(items(depth), place)
              : new Tree.Mapping(entries(depth), place);
    }
    event.getAnchor().ifPresent(a -> anchored.put(a, tree));
    return tree;
  }

  private List<Tree> items(int depth) throws Unreadable {
    List<Tree> items = new ArrayList<>();
    for (Event event = events.next(); event.getEventId() != ID.SequenceEnd; event = events.next()) {
      items.add(tree((NodeEvent) event, depth + 1));
    }
    return items;
  }

  private List<Tree.Entry> entries(int depth) throws Unreadable {
    List<Tree.Entry> entries = new ArrayList<>();
    for (Event event = events.next(); event.getEventId() != ID.MappingEnd; event = events.next()) {
      Tree key = tree((NodeEvent) event, depth + 1);
      Tree value = tree((NodeEvent) events.next(), depth + 1);
      if (key instanceof Tree.Scalar word) {
        entries.add(new Tree.Entry(word.text(), key.place(), false, value));
      } else {
        faults.add(place(event), "", key.shown() + " as a key (expected: a word)");
      }
    }
    return entries;
  }

  private void refuse(Optional<String> tag, Place place) {
    tag.ifPresent(t -> faults.add(place, "", "tag '" + t + "' (expected: no tags)"));
  }

  private void count(Tree tree, int depth, Place place) throws Unreadable {
    bound(depth, place);
    if (tree instanceof Tree.Sequence sequence) {
      for (Tree item : sequence.items()) {
        count(item, depth + 1, place);
      }
    } else if (tree instanceof Tree.Mapping mapping) {
      for (Tree.Entry entry : mapping.entries()) {
        count(entry.value(), depth + 1, place);
      }
    }
  }

  private void bound(int depth, Place place) throws Unreadable {
    if (depth > DEPTH) {
      throw new Unreadable(place, "nested too deeply (expected: at most " + DEPTH + " levels)");
    }
    if (++values > VALUES) {
      throw new Unreadable(place, "too many values (expected: at most " + VALUES + ")");
    }
  }

  private Place place(Event event) {
    return place(event.getStartMark());
  }

  private Place place(Optional<Mark> mark) {
    return mark.map(m -> start.at(m.getLine() + 1)).orElse(start);
  }
}
