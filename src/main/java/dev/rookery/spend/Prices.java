package dev.rookery.spend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What calls cost. Asked in this order: the organization's own prices, the file {@code prices.yaml}
 * of the data directory, the list that comes with Rookery; the first of them that has a price
 * decides, and within it the longest name. A model that none has gets a high price, and what is
 * spent on it is marked as estimated; a tool that none has costs nothing.
 */
public final class Prices {
  private static final String DEFAULTS = "prices.yaml";

  private final Database database;
  private final Journal journal;
  private final PriceFile.Content file;
  private final PriceFile.Content defaults;

  /**
   * @param file of this installation; need not exist
   * @throws Refusal {@code bad-price-file}, naming the entry
   */
  public Prices(Database database, Journal journal, Path file) {
    this.database = database;
    this.journal = journal;
    this.defaults = PriceFile.read(DEFAULTS, resource());
    this.file = content(file);
  }

  private static PriceFile.Content content(Path file) {
    try {
      return Files.exists(file)
          ? PriceFile.read(file.toString(), Files.readString(file))
          : PriceFile.Content.EMPTY;
    } catch (IOException e) {
      throw Refusal.badInput("bad-price-file", "The price file %s cannot be read: %s", file, e);
    }
  }

  private static String resource() {
    try (InputStream in = Prices.class.getResourceAsStream(DEFAULTS)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + DEFAULTS);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who said a price. */
  public enum Source {
    ORGANIZATION,
    FILE,
    DEFAULT;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A price that is in force somewhere. */
  public record Listed(PriceTag tag, Source source) {}

  /**
   * The price of one call.
   *
   * @param estimated because no list has the model
   */
  public record Quote(Price price, boolean estimated) {}

  /** All prices; one that another of the same name replaces is left out. */
  public List<Listed> list(OrgId org) {
    List<Listed> all = new ArrayList<>();
    add(all, database.read(org, tx -> PriceStore.all(tx, org)), Source.ORGANIZATION);
    add(all, file.list().tags(), Source.FILE);
    add(all, defaults.list().tags(), Source.DEFAULT);
    return all;
  }

  private static void add(List<Listed> all, List<PriceTag> tags, Source source) {
    for (PriceTag tag : tags) {
      if (all.stream().noneMatch(l -> same(l.tag(), tag))) {
        all.add(new Listed(tag, source));
      }
    }
  }

  private static boolean same(PriceTag one, PriceTag other) {
    return one.kind() == other.kind() && one.name().equals(other.name());
  }

  /** Sets the organization's own price, for calls that are reserved from now on. */
  public Listed set(OrgId org, PriceTag tag) {
    return database.write(
        org,
        tx -> {
          PriceStore.put(tx, org, tag);
          ObjectNode data = Json.object().put("kind", tag.kind().label());
          data.set("amounts", Json.parse(PriceCodec.write(tag.price())));
          journal.append(tx, org, new JournalEntry("price.changed", tag.name(), null, data));
          return new Listed(tag, Source.ORGANIZATION);
        });
  }

  /**
   * Removes the organization's own price; those of the installation hold again.
   *
   * @throws Refusal {@code price-not-found}
   */
  public void remove(OrgId org, PriceTag.Kind kind, String name) {
    database.write(
        org,
        tx -> {
          if (PriceStore.remove(tx, org, kind, name) == 0) {
            throw new Refusal(
                Refusal.Kind.NOT_FOUND,
                "price-not-found",
                "This organization has no price of its own for the "
                    + kind.label()
                    + " '"
                    + Text.brief(Text.clean(name), 80)
                    + "'. List prices with: rookery spend prices list");
          }
          ObjectNode data = Json.object().put("kind", kind.label());
          journal.append(tx, org, new JournalEntry("price.removed", name, null, data));
          return true;
        });
  }

  /** What a call of this model or tool costs now. */
  public Quote quote(Tx tx, OrgId org, PriceTag.Kind kind, String name) {
    return new PriceList(PriceStore.all(tx, org))
        .find(kind, name)
        .or(() -> file.list().find(kind, name))
        .or(() -> defaults.list().find(kind, name))
        .map(tag -> new Quote(tag.price(), false))
        .orElseGet(() -> unknown(kind));
  }

  private Quote unknown(PriceTag.Kind kind) {
    return switch (kind) {
      case TOOL -> new Quote(new Price.PerCall(Money.ZERO), false);
      case MODEL ->
          new Quote(
              Optional.ofNullable(file.unknown())
                  .orElseGet(() -> Objects.requireNonNull(defaults.unknown())),
              true);
    };
  }
}
