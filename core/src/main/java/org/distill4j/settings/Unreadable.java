package org.distill4j.settings;

/** Text that is not one YAML value within bounds, so that nothing more can be said about it. */
final class Unreadable extends Exception {
  private final transient Place place;

  Unreadable(Place place, String message) {
    super(message);
    this.place = place;
  }

  /** Where reading stopped. */
  Place place() {
    return place;
  }
}
