-- For a build with kit-app-template. The schema files have one source, schemas/ at the root of the repository.
local ext = get_current_extension_info()
project_ext (ext)

repo_build.prebuild_link {
    { "data", ext.target_dir.."/data" },
    { "docs", ext.target_dir.."/docs" },
    { "portalis", ext.target_dir.."/portalis" },
    { "%{root}/schemas", ext.target_dir.."/schemas" },
}
