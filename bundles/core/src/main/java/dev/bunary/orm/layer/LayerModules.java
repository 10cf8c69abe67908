package dev.bunary.orm.layer;

import dev.bunary.orm.driver.DriverFactory;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The modules that jars bring to a layer. Left out, so that the layer shares them with its parent: this library and all
 * it reads, whose types must be the same for both, and any other module that the parent has in the same version. A driver
 * is never left out.
 */
final class LayerModules implements ModuleFinder {
    private static final String CORE = "dev.bunary.orm";

    private final Map<String, ModuleReference> modules;
    private final Configuration parent;

    private LayerModules(Map<String, ModuleReference> modules, Configuration parent) {
        this.modules = modules;
        this.parent = parent;
    }

    /** Sorts out which of the modules found in jars go into the layer. */
    static LayerModules of(Collection<ModuleReference> found, Configuration parent) {
        Set<String> core = readBy(parent.findModule(CORE));
        var modules = new TreeMap<String, ModuleReference>();
        for (ModuleReference module : found) {
            if (!isShared(module.descriptor(), core, parent)) {
                modules.put(module.descriptor().name(), module);
            }
        }
        return new LayerModules(modules, parent);
    }

    static boolean isDriver(ModuleDescriptor module) {
        return module.provides().stream()
                .anyMatch(provided -> provided.service().equals(DriverFactory.class.getName()));
    }

    private static boolean isShared(ModuleDescriptor module, Set<String> core, Configuration parent) {
        if (core.contains(module.name())) {
            return true;
        }
        Optional<String> version = module.rawVersion();
        return !isDriver(module)
                && version.isPresent()
                && parent.findModule(module.name())
                        .map(there -> there.reference().descriptor().rawVersion())
                        .equals(Optional.of(version));
    }

    /** A module and all it reads, whatever the way. */
    private static Set<String> readBy(Optional<ResolvedModule> module) {
        var names = new HashSet<String>();
        module.ifPresent(found -> addReads(found, names));
        return names;
    }

    private static void addReads(ResolvedModule module, Set<String> names) {
        if (names.add(module.name())) {
            module.reads().forEach(read -> addReads(read, names));
        }
    }

    Set<String> names() {
        return modules.keySet();
    }

    /** Those that provide a factory. */
    Set<String> drivers() {
        return modules.values().stream()
                .map(ModuleReference::descriptor)
                .filter(LayerModules::isDriver)
                .map(ModuleDescriptor::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Some modules, what they need, and what provides services to these.
     *
     * @throws java.lang.module.ResolutionException if something is missing, or two modules do not fit together
     */
    Configuration resolve(Set<String> roots) {
        return parent.resolveAndBind(this, ModuleFinder.of(), roots);
    }

    /** Some modules and what they need, by name; of these jars only. */
    Set<String> needed(Set<String> roots) {
        return parent.resolve(this, ModuleFinder.of(), roots).modules().stream()
                .map(ResolvedModule::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(modules.values());
    }
}
