package org.distill4j.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * The versions of operator domains other than ONNX's own. In memory they are metadata, {@code
 * onnx.domain.<name>}; in a file they are opset imports. A domain without an entry is of version 1.
 */
final class DomainVersions {
  private static final String PREFIX = "onnx.domain.";

  private DomainVersions() {}

  /** The metadata key of a domain. */
  static String key(String domain) {
    return PREFIX + domain;
  }

  /** Whether a metadata key tells a domain's version. */
  static boolean isKey(String key) {
    return key.startsWith(PREFIX);
  }

  /** The version of each foreign domain that a node uses, by name in alphabetical order. */
  static Map<String, Long> of(Graph graph) {
    Map<String, Long> versions = new TreeMap<>();
    for (Node node : graph.nodes()) {
      if (!node.domain().isEmpty()) {
        versions.put(
            node.domain(), Long.valueOf(graph.metadata().getOrDefault(key(node.domain()), "1")));
      }
    }
    return versions;
  }

  /** The metadata that is written as such. */
  static Map<String, String> withoutVersions(Map<String, String> metadata) {
    Map<String, String> rest = new LinkedHashMap<>(metadata);
    rest.keySet().removeIf(DomainVersions::isKey);
    return rest;
  }
}
