package dev.bunary.orm.layer;

import java.lang.reflect.Method;

/**
 * Passes the right to call native code on to the modules of a layer. From JDK 22 on the command line can give it only to
 * modules of the boot layer; this library hands on what it was given itself, and nothing otherwise.
 */
final class NativeAccess {
    private NativeAccess() {}

    static void passOn(ModuleLayer.Controller controller) {
        try {
            // by reflection, as this library is compiled for a JDK that does not have them
            Method isEnabled = Module.class.getMethod("isNativeAccessEnabled");
            Method enable = ModuleLayer.Controller.class.getMethod("enableNativeAccess", Module.class);
            if ((boolean) isEnabled.invoke(NativeAccess.class.getModule())) {
                for (Module module : controller.layer().modules()) {
                    enable.invoke(controller, module);
                }
            }
        } catch (NoSuchMethodException olderJdk) {
            // every module may call native code there
            return;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("native access cannot be passed on", impossible);
        }
    }
}
