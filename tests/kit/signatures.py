"""Kit's API as far as it is used: names, parameters and constants, as Kit 107 to 110 have them.

A parameter that may be left out is followed by `=`. Nothing here was run inside Kit.
"""

from __future__ import annotations

# Functions and methods by dotted name. Methods of what a function returns are listed under the name of its class.
SIGNATURES: dict[str, str] = {
    "omni.ext.IExt.on_startup": "ext_id",
    "omni.ext.IExt.on_shutdown": "",
    "carb.settings.get_settings": "",
    "carb.settings.ISettings.get": "path",
    "carb.eventdispatcher.get_eventdispatcher": "",
    "carb.eventdispatcher.IEventDispatcher.observe_event": "order= event_name on_event filter= observer_name=",
    "carb.eventdispatcher.ObserverGuard.reset": "",
    "omni.kit.commands.register": "command_class",
    "omni.kit.commands.unregister": "command_class",
    "omni.kit.commands.execute": "name **kwargs",
    "omni.kit.commands.Command.do": "",
    "omni.kit.commands.Command.undo": "",
    "omni.kit.app.queue_event": "event_name payload=",
    "omni.kit.actions.core.get_action_registry": "",
    "omni.kit.actions.core.IActionRegistry.register_action": "ext_id action_id fn display_name= description= icon_url= tag=",
    "omni.kit.actions.core.IActionRegistry.deregister_all_actions_for_extension": "ext_id",
    "omni.kit.hotkeys.core.get_hotkey_registry": "",
    "omni.kit.hotkeys.core.HotkeyFilter": "context= windows=",
    "omni.kit.hotkeys.core.HotkeyRegistry.register_hotkey": "hotkey_ext_id key action_ext_id action_id filter=",
    "omni.kit.hotkeys.core.HotkeyRegistry.deregister_all_hotkeys_for_extension": "hotkey_ext_id",
    "omni.kit.notification_manager.post_notification": "text hide_after_timeout= duration= status= button_infos=",
    "omni.kit.notification_manager.NotificationButtonInfo": "text on_complete=",
    "omni.kit.window.popup_dialog.MessageDialog": "width= parent= message= title= ok_handler= cancel_handler= ok_label= cancel_label= "
    "disable_okay_button= disable_cancel_button= warning_message=",
    "omni.kit.window.popup_dialog.MessageDialog.show": "",
    "omni.kit.window.popup_dialog.MessageDialog.hide": "",
    "omni.kit.window.popup_dialog.MessageDialog.destroy": "",
    "omni.kit.menu.utils.add_menu_items": "menu name menu_index= can_rebuild_menus= delegate=",
    "omni.kit.menu.utils.remove_menu_items": "menu name can_rebuild_menus=",
    "omni.kit.menu.utils.MenuItemDescription": "name= onclick_fn= onclick_action= ticked= hotkey= sub_menu=",
    "omni.timeline.get_timeline_interface": "",
    "omni.timeline.ITimeline.play": "",
    "omni.timeline.ITimeline.pause": "",
    "omni.timeline.ITimeline.stop": "",
    "omni.timeline.ITimeline.is_playing": "",
    "omni.timeline.ITimeline.is_stopped": "",
    "omni.timeline.ITimeline.get_current_time": "",
    "omni.usd.get_context": "name=",
    "omni.usd.UsdContext.get_stage": "",
    "omni.usd.UsdContext.get_stage_id": "",
    "omni.usd.UsdContext.get_selection": "",
    "omni.usd.UsdContext.stage_event_name": "event_type",
    "omni.usd.Selection.get_selected_prim_paths": "",
    "omni.usd.Selection.set_selected_prim_paths": "paths expandInStage=",
    "usdrt.Usd.Stage.Attach": "stage_id",
    "omni.kit.widget.text_editor.TextEditor": "text= text_lines= syntax= read_only=",
    "omni.kit.widget.text_editor.TextEditor.set_edited_fn": "fn",
    "omni.kit.widget.text_editor.TextEditor.set_error_markers": "markers",
}

CONSTANTS: dict[str, object] = {
    "omni.kit.app.GLOBAL_EVENT_UPDATE": "update",
    "omni.kit.app.UPDATE_ORDER_UNSPECIFIED": 0,
    "omni.kit.notification_manager.NotificationStatus.INFO": 1,
    "omni.kit.notification_manager.NotificationStatus.WARNING": 0,
    "omni.usd.StageEventType.OPENED": 3,
    "omni.usd.StageEventType.CLOSING": 5,
    "omni.usd.StageEventType.SELECTION_CHANGED": 7,
}

# What the panel takes from omni.ui: in every version since Kit 107 and in the wheel ovui.
WIDGETS = frozenset(
    (
        "AbstractItem",
        "AbstractItemDelegate",
        "AbstractItemModel",
        "Alignment",
        "Button",
        "Circle",
        "ComboBox",
        "DockPreference",
        "Fraction",
        "Frame",
        "HStack",
        "Label",
        "Pixel",
        "Percent",
        "Placer",
        "Plot",
        "ProgressBar",
        "Rectangle",
        "ScrollBarPolicy",
        "ScrollingFrame",
        "Spacer",
        "StringField",
        "TreeView",
        "Triangle",
        "Type",
        "VStack",
        "Window",
        "Workspace",
        "ZStack",
        "color",
    )
)
# What ovui 0.3.0 has and Kit 110 is not known to have: keywords and methods by name.
ONLY_IN_OVUI = frozenset(
    (
        "PlotMode",
        "PlotType",
        "MarkdownWidget",
        "TimelinePlot",
        "SimpleListModel",
        "set_xy_data",
        "set_axis_limits",
        "auto_fit",
        "crosshairs",
        "mode",
        "sparkline",
    )
)
