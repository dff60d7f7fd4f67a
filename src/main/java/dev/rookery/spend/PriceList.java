package dev.rookery.spend;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Some prices. The longest name that fits counts. */
record PriceList(List<PriceTag> tags) {
  static final PriceList EMPTY = new PriceList(List.of());

  PriceList {
    tags = List.copyOf(tags);
  }

  Optional<PriceTag> find(PriceTag.Kind kind, String name) {
    return tags.stream()
        .filter(tag -> tag.fits(kind, name))
        .max(Comparator.comparingInt(tag -> tag.name().length()));
  }
}
