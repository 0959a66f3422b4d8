package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CirclesTest {
  @Test
  void of_chain_isNone() {
    assertThat(Circles.of(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of()))).isEmpty();
  }

  @Test
  void of_nodeThatReachesItself_isNone() {
    assertThat(Circles.of(Map.of("a", Set.of("a")))).isEmpty();
  }

  @Test
  void of_twoCirclesJoinedOneWay_areTwo() {
    Map<String, Set<String>> graph =
        Map.of(
            "a", Set.of("b"),
            "b", Set.of("c"),
            "c", Set.of("a", "d"),
            "d", Set.of("e"),
            "e", Set.of("d", "outside"),
            "f", Set.of("a"));
    assertThat(Circles.of(graph))
        .containsExactly(new TreeSet<>(Set.of("a", "b", "c")), new TreeSet<>(Set.of("d", "e")));
  }

  @Test
  void of_twoCirclesThroughOneNode_isOne() {
    Map<String, Set<String>> graph =
        Map.of("a", Set.of("b"), "b", Set.of("a", "c"), "c", Set.of("b"));
    assertThat(Circles.of(graph)).containsExactly(new TreeSet<>(Set.of("a", "b", "c")));
  }
}
